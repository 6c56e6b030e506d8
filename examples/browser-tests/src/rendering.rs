//! The rendering modes.

use leptos::prelude::use_context;

/// How pages are rendered and hydrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rendering {
    /// Rendered completely before it is sent, and not hydrated.
    Ssr,
    /// Streamed out of order and hydrated, with a `<Router>`.
    OutOfOrder,
    /// Streamed in order and hydrated, with a `<Router>`.
    InOrder,
    /// Rendered completely before it is sent, and hydrated, with a `<Router>`.
    Async,
    /// Streamed out of order and hydrated, without a `<Router>`.
    NoRouter,
    /// Only the islands are hydrated. Requires the feature `islands` on the server and in the browser.
    Islands,
    /// An empty page from the server, rendered by the browser, with a `<Router>`. Requires the feature `csr` in the browser.
    ClientOnly,
}

/// Whether the page that is being rendered is hydrated. The browser has no mode as context, and hydrates every page.
pub(crate) fn is_hydrated() -> bool {
    use_context::<Rendering>().is_none_or(Rendering::hydrates)
}

impl Rendering {
    /// Whether scripts run in this mode: the browser hydrates pages, or renders them.
    pub fn hydrates(self) -> bool {
        self != Self::Ssr
    }

    /// Whether the pages have a `<Router>`.
    pub fn has_router(self) -> bool {
        matches!(
            self,
            Self::OutOfOrder | Self::InOrder | Self::Async | Self::ClientOnly
        )
    }
}
