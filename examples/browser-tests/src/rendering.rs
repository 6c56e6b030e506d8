//! The rendering modes.

/// How pages come into being, and who takes them over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rendering {
    /// The server renders whole pages, and nothing takes them over.
    Ssr,
    /// Streamed, fallbacks first, and hydrated, under a `<Router>`.
    OutOfOrder,
    /// Streamed from top to bottom, and hydrated, under a `<Router>`.
    InOrder,
    /// Rendered whole, and hydrated, under a `<Router>`.
    Async,
    /// Streamed and hydrated, with no `<Router>` anywhere.
    NoRouter,
    /// Only the islands are hydrated. Needs the feature `islands` in the server and in the browser.
    Islands,
}

impl Rendering {
    /// Whether the browser's side takes pages of this mode over.
    pub fn hydrates(self) -> bool {
        self != Self::Ssr
    }

    /// Whether the pages are under a `<Router>`.
    #[cfg(feature = "ssr")]
    pub(crate) fn is_routed(self) -> bool {
        matches!(self, Self::OutOfOrder | Self::InOrder | Self::Async)
    }
}
