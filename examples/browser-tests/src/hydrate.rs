//! The browser's entry point.

use std::panic;

use leptos::{
    logging,
    mount::{hydrate_body, hydrate_islands},
    prelude::document,
    wasm_bindgen,
};

use crate::pages::app::{ROUTER_ATTRIBUTE, RoutedApp, UnroutedApp};

/// Hydrates the page. Called by the script that `<HydrationScripts>` adds to it.
#[wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen = leptos::wasm_bindgen)]
pub fn hydrate() {
    panic::set_hook(Box::new(|panic| logging::error!("{panic}")));
    let root = document().document_element();
    if cfg!(feature = "islands") {
        hydrate_islands();
    } else if root.is_some_and(|root| root.has_attribute(ROUTER_ATTRIBUTE)) {
        hydrate_body(RoutedApp);
    } else {
        hydrate_body(UnroutedApp);
    }
}
