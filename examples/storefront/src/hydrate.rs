//! The browser's entry point.

use leptos::{
    mount::hydrate_body,
    wasm_bindgen::{self, prelude::wasm_bindgen},
};

use crate::pages::app::App;

/// Hydrates the page. Called by the script that `<HydrationScripts>` adds to it.
#[wasm_bindgen]
pub fn hydrate() {
    // Logs panics to the browser's console.
    console_error_panic_hook::set_once();
    hydrate_body(App);
}
