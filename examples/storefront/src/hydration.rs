//! Whether the pages are hydrated, which they are once the WebAssembly has been built.

/// Whether the page is hydrated. The server provides it as context for each page.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy)]
pub(crate) struct Hydration(pub(crate) bool);

/// Returns whether the page is hydrated. Always `true` in the browser.
pub(crate) fn is_hydrated() -> bool {
    #[cfg(feature = "ssr")]
    {
        leptos::prelude::use_context().is_some_and(|Hydration(on)| on)
    }
    #[cfg(not(feature = "ssr"))]
    {
        true
    }
}
