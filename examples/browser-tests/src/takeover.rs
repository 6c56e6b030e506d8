//! How the browser's side begins.

use std::panic;

use leptos::{
    logging,
    mount::{hydrate_body, hydrate_islands},
    prelude::document,
    wasm_bindgen,
};

use crate::pages::{ROUTED, Routed, Unrouted};

/// Leptos' script calls this once the program is loaded.
#[wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen = leptos::wasm_bindgen)]
pub fn hydrate() {
    panic::set_hook(Box::new(|panic| logging::error!("{panic}")));
    let root = document().document_element();
    if cfg!(feature = "islands") {
        hydrate_islands();
    } else if root.is_some_and(|root| root.has_attribute(ROUTED)) {
        hydrate_body(Routed);
    } else {
        hydrate_body(Unrouted);
    }
}
