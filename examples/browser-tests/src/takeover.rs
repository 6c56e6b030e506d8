//! How the browser's side begins.

use std::panic;

use leptos::{logging, wasm_bindgen};

/// Leptos' script calls this once the program is loaded.
#[wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen = leptos::wasm_bindgen)]
pub fn hydrate() {
    panic::set_hook(Box::new(|panic| logging::error!("{panic}")));
    take_over();
}

#[cfg(feature = "islands")]
fn take_over() {
    leptos::mount::hydrate_islands();
}

#[cfg(not(feature = "islands"))]
fn take_over() {
    use leptos::{mount::hydrate_body, prelude::document};

    use crate::pages::{ROUTED, Routed, Unrouted};

    let root = document().document_element();
    if root.is_some_and(|root| root.has_attribute(ROUTED)) {
        hydrate_body(Routed);
    } else {
        hydrate_body(Unrouted);
    }
}
