//! Whether the shop runs in test mode, where no real payments are made.

/// Whether payments go to a local fake instead of Kelviq. The server provides it as context for each page.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy)]
pub(crate) struct TestMode(pub(crate) bool);

/// Returns whether the shop runs in test mode. Always `false` in the browser.
pub(crate) fn is_test_mode() -> bool {
    #[cfg(feature = "ssr")]
    {
        leptos::prelude::use_context().is_some_and(|TestMode(on)| on)
    }
    #[cfg(not(feature = "ssr"))]
    {
        false
    }
}
