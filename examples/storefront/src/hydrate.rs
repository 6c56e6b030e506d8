//! Where the browser starts.

use leptos::{
    mount::hydrate_body,
    wasm_bindgen::{self, prelude::wasm_bindgen},
};

use crate::pages::App;

/// Takes over the page that the server has rendered. The script that Leptos puts into the page calls it.
#[wasm_bindgen]
pub fn hydrate() {
    // A page that cannot be taken over says why, in the browser's console.
    console_error_panic_hook::set_once();
    hydrate_body(App);
}
