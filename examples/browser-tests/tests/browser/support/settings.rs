//! The settings of a browser.

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use super::installation::Installation;

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
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            javascript: true,
            viewport: (1280, 900),
            dark: false,
            waits_for_pages: true,
            back_forward_cache: true,
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

    pub(super) fn capabilities(&self, installation: &Installation) -> Capabilities {
        let capabilities = json!({
            "browserName": "chrome",
            "pageLoadStrategy": if self.waits_for_pages { "normal" } else { "none" },
            "timeouts": {"implicit": 0, "pageLoad": 60_000, "script": 10_000},
            "goog:loggingPrefs": {"browser": "ALL"},
            // chromedriver creates an empty profile for each browser.
            "goog:chromeOptions": {
                "binary": installation.browser,
                "args": self.arguments(),
                "prefs": self.preferences(),
            },
        });
        match capabilities {
            Value::Object(capabilities) => capabilities,
            _ => unreachable!("the capabilities are an object"),
        }
    }

    fn arguments(&self) -> Vec<&'static str> {
        let mut arguments = vec![
            "--headless",
            // The sandbox does not work as root and in many containers. Only pages of this workspace are opened.
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        if !self.back_forward_cache {
            arguments.push("--disable-back-forward-cache");
        }
        arguments
    }

    /// The preferences of the profile. JavaScript is disabled as a user would do it; the driver still works.
    fn preferences(&self) -> Value {
        if self.javascript {
            json!({})
        } else {
            json!({"profile.default_content_setting_values.javascript": 2})
        }
    }
}
