//! The browser engines.

use std::env;

/// The environment variable that selects the engine by its name. The default is `chromium`.
const ENGINE_ENV: &str = "BROWSER_TESTS_ENGINE";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    /// `WebKitGTK`.
    WebKit,
}

impl Engine {
    const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    pub(crate) fn selected() -> Self {
        let Ok(name) = env::var(ENGINE_ENV) else {
            return Self::Chromium;
        };
        let names = Self::ALL.map(Self::name).join(", ");
        let engine = Self::ALL.into_iter().find(|engine| engine.name() == name);
        engine.unwrap_or_else(|| panic!("{ENGINE_ENV} is {name:?}; expected one of {names}"))
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The command that installs the browser and its driver on Debian.
    pub(super) fn install_command(self) -> &'static str {
        match self {
            Self::Chromium | Self::Firefox => ".ci/install-browser-tools",
            Self::WebKit => ".ci/install-browser-tools webkit",
        }
    }

    /// The name of the `WebDriver` program.
    pub(super) fn driver(self) -> &'static str {
        match self {
            Self::Chromium => "chromedriver",
            Self::Firefox => "geckodriver",
            Self::WebKit => "WebKitWebDriver",
        }
    }

    /// The possible names of the browser. `WebKitWebDriver` is installed with its browser and finds it itself.
    pub(super) fn browsers(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &[
                "chromium",
                "chromium-browser",
                "google-chrome",
                "google-chrome-stable",
            ],
            Self::Firefox => &["firefox-esr", "firefox"],
            Self::WebKit => &[],
        }
    }

    /// The arguments of the `WebDriver` program. All drivers listen on loopback only.
    pub(super) fn driver_arguments(self, port: u16) -> Vec<String> {
        let mut arguments = vec![format!("--port={port}")];
        if self == Self::Firefox {
            // The second port is not used. System access is required to read the console and to set the viewport.
            arguments.extend(["--websocket-port=0", "--allow-system-access"].map(str::to_owned));
        }
        arguments
    }
}
