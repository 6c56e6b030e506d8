//! The modes to test.

use std::env;

use browser_tests::Rendering;

/// The environment variable that selects modes: a comma-separated list of names. By default, all modes are tested.
const MODES_ENV: &str = "BROWSER_TESTS_MODES";

/// A rendering mode, or navigation within one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Ssr,
    OutOfOrder,
    InOrder,
    Async,
    WithoutRouter,
    /// Pages are opened by a link on another page, without a request to the server.
    Navigation,
    Islands,
    /// The server sends an empty page, and the browser renders it.
    ClientOnly,
}

impl Mode {
    const ALL: [Self; 8] = [
        Self::Ssr,
        Self::OutOfOrder,
        Self::InOrder,
        Self::Async,
        Self::WithoutRouter,
        Self::Navigation,
        Self::Islands,
        Self::ClientOnly,
    ];

    /// Returns the selected modes that this build supports.
    pub(crate) fn selected() -> Vec<Self> {
        let mut modes = Self::ALL.to_vec();
        if let Ok(names) = env::var(MODES_ENV) {
            modes = names.split(',').map(Self::from_name).collect();
        }
        // Islands need a separate build of the server, which supports no other mode.
        modes.retain(|mode| (*mode == Self::Islands) == cfg!(feature = "islands"));
        modes
    }

    fn from_name(name: &str) -> Self {
        let names = Self::ALL.map(Self::name).join(", ");
        let mode = Self::ALL.into_iter().find(|mode| mode.name() == name);
        mode.unwrap_or_else(|| panic!("{MODES_ENV} contains {name:?}; expected one of {names}"))
    }

    /// The name, which is the prefix of its tests.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ssr => "ssr",
            Self::OutOfOrder => "hydrate_out_of_order",
            Self::InOrder => "hydrate_in_order",
            Self::Async => "hydrate_async",
            Self::WithoutRouter => "hydrate_without_router",
            Self::Navigation => "hydrate_after_navigation",
            Self::Islands => "islands",
            Self::ClientOnly => "client_only",
        }
    }

    pub(crate) fn rendering(self) -> Rendering {
        match self {
            Self::Ssr => Rendering::Ssr,
            Self::OutOfOrder | Self::Navigation => Rendering::OutOfOrder,
            Self::InOrder => Rendering::InOrder,
            Self::Async => Rendering::Async,
            Self::WithoutRouter => Rendering::NoRouter,
            Self::Islands => Rendering::Islands,
            Self::ClientOnly => Rendering::ClientOnly,
        }
    }
}
