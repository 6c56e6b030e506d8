//! The settings of a browser.

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use super::{chromium, engine::Engine, firefox, installation::Installation, webkit};

/// The settings of a browser. The default is a desktop browser with light colours and JavaScript.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the settings are independent"
)]
#[must_use]
pub(crate) struct Settings {
    pub(crate) javascript: bool,
    pub(crate) viewport: (u32, u32),
    pub(crate) dark: bool,
    pub(crate) waits_for_pages: bool,
    pub(crate) back_forward_cache: bool,
    exceptions: Vec<(Engine, &'static str)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            javascript: true,
            viewport: (1280, 900),
            dark: false,
            waits_for_pages: true,
            back_forward_cache: true,
            exceptions: Vec::new(),
        }
    }
}

impl Settings {
    pub(crate) fn javascript(mut self, javascript: bool) -> Self {
        self.javascript = javascript;
        self
    }

    /// Sets the size of the page in CSS pixels.
    pub(crate) fn viewport(mut self, width: u32, height: u32) -> Self {
        self.viewport = (width, height);
        self
    }

    pub(crate) fn phone(self) -> Self {
        self.viewport(360, 740)
    }

    /// Returns the combinations of a wide and a narrow window with light and dark colours, with their names.
    pub(crate) fn looks() -> [(&'static str, Self); 4] {
        let desktop = Self::default();
        let phone = desktop.clone().phone();
        [
            ("light_desktop", desktop.clone()),
            ("dark_desktop", desktop.dark()),
            ("light_phone", phone.clone()),
            ("dark_phone", phone.dark()),
        ]
    }

    pub(crate) fn dark(mut self) -> Self {
        self.dark = true;
        self
    }

    /// Makes commands return before a page has loaded. By default, they wait until it has.
    pub(crate) fn without_waiting_for_pages(mut self) -> Self {
        self.waits_for_pages = false;
        self
    }

    /// Disables the back/forward cache, so that Back reloads a page instead of restoring it.
    pub(crate) fn without_back_forward_cache(mut self) -> Self {
        self.back_forward_cache = false;
        self
    }

    /// Excludes an engine, with the reason.
    pub(crate) fn except(mut self, engine: Engine, reason: &'static str) -> Self {
        self.exceptions.push((engine, reason));
        self
    }

    /// Returns why a browser of this engine cannot run the test.
    pub(super) fn unsupported_reason(&self, engine: Engine) -> Option<&'static str> {
        let mut exceptions = self.exceptions.iter();
        if let Some((_, reason)) = exceptions.find(|(other, _)| *other == engine) {
            return Some(reason);
        }
        if engine != Engine::WebKit {
            return None;
        }
        if self.dark {
            return Some("MiniBrowser has no setting for dark colours");
        }
        (self.viewport != Self::default().viewport)
            .then_some("MiniBrowser cannot be as narrow as a phone")
    }

    pub(super) fn capabilities(&self, installation: &Installation) -> Capabilities {
        let browser = installation.browser.as_deref();
        let mut capabilities = match installation.engine {
            Engine::Chromium => chromium::capabilities(self, browser),
            Engine::Firefox => firefox::capabilities(self, browser),
            Engine::WebKit => webkit::capabilities(self),
        };
        let strategy = if self.waits_for_pages {
            "normal"
        } else {
            "none"
        };
        capabilities["pageLoadStrategy"] = strategy.into();
        capabilities["timeouts"] = json!({"implicit": 0, "pageLoad": 60_000, "script": 10_000});
        match capabilities {
            Value::Object(capabilities) => capabilities,
            _ => unreachable!("the capabilities are an object"),
        }
    }
}
