//! The modes, and which of them are wanted.

use std::env;

use browser_tests::Rendering;

/// The names of modes, with commas between; without it, all that this build has.
const VARIABLE: &str = "BROWSER_TESTS_MODES";

/// A rendering mode, or another way to a page in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Ssr,
    OutOfOrder,
    InOrder,
    Async,
    WithoutRouter,
    /// The page is opened by a link of another one, without asking the server.
    Navigation,
    Islands,
}

impl Mode {
    const ALL: [Self; 7] = [
        Self::Ssr,
        Self::OutOfOrder,
        Self::InOrder,
        Self::Async,
        Self::WithoutRouter,
        Self::Navigation,
        Self::Islands,
    ];

    /// Those that are wanted, as far as this build has them.
    pub(crate) fn chosen() -> Vec<Self> {
        let mut modes = Self::ALL.to_vec();
        if let Ok(names) = env::var(VARIABLE) {
            modes = names.split(',').map(Self::named).collect();
        }
        // Islands need a server of their own, which has nothing else.
        modes.retain(|mode| (*mode == Self::Islands) == cfg!(feature = "islands"));
        modes
    }

    fn named(name: &str) -> Self {
        let names = Self::ALL.map(Self::name).join(", ");
        let mode = Self::ALL.into_iter().find(|mode| mode.name() == name);
        mode.unwrap_or_else(|| panic!("{VARIABLE} names {name:?}, which is none of {names}"))
    }

    /// What the names of its tests begin with.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ssr => "ssr",
            Self::OutOfOrder => "hydrate_out_of_order",
            Self::InOrder => "hydrate_in_order",
            Self::Async => "hydrate_async",
            Self::WithoutRouter => "hydrate_without_router",
            Self::Navigation => "hydrate_after_navigation",
            Self::Islands => "islands",
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
        }
    }
}
