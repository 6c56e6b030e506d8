//! The browser's entry point without server-side rendering.

use std::panic;

use leptos::{logging, mount::mount_to_body, wasm_bindgen};

use crate::pages::app::RoutedApp;

/// Renders the page. Runs when the module is initialized.
#[wasm_bindgen::prelude::wasm_bindgen(start, wasm_bindgen = leptos::wasm_bindgen)]
pub fn start() {
    panic::set_hook(Box::new(|panic| logging::error!("{panic}")));
    mount_to_body(RoutedApp);
}
