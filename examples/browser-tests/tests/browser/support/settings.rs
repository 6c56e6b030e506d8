//! Which browser a test wants.

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use super::programs::Programs;

/// A desktop browser in light colours that runs JavaScript, unless told otherwise.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own"
)]
#[must_use]
pub(crate) struct Settings {
    pub(crate) javascript: bool,
    pub(crate) viewport: (u32, u32),
    pub(crate) dark: bool,
    pub(crate) waits_for_pages: bool,
    pub(crate) keeps_pages: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            javascript: true,
            viewport: (1280, 900),
            dark: false,
            waits_for_pages: true,
            keeps_pages: true,
        }
    }
}

impl Settings {
    pub(crate) fn javascript(mut self, javascript: bool) -> Self {
        self.javascript = javascript;
        self
    }

    /// What the page has, in CSS pixels.
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

    /// Commands return while a page is still on its way. By default they wait until it has loaded.
    pub(crate) fn without_waiting_for_pages(mut self) -> Self {
        self.waits_for_pages = false;
        self
    }

    /// Back loads a page anew. By default the browser shows it as it was left, from its back/forward cache.
    pub(crate) fn without_back_forward_cache(mut self) -> Self {
        self.keeps_pages = false;
        self
    }

    pub(super) fn capabilities(&self, programs: &Programs) -> Capabilities {
        let capabilities = json!({
            "browserName": "chrome",
            "pageLoadStrategy": if self.waits_for_pages { "normal" } else { "none" },
            "timeouts": {"implicit": 0, "pageLoad": 60_000, "script": 10_000},
            "goog:loggingPrefs": {"browser": "ALL"},
            // chromedriver gives each browser an empty profile of its own.
            "goog:chromeOptions": {
                "binary": programs.browser,
                "args": self.arguments(),
                "prefs": self.preferences(),
            },
        });
        match capabilities {
            Value::Object(capabilities) => capabilities,
            _ => unreachable!("it is an object"),
        }
    }

    fn arguments(&self) -> Vec<&'static str> {
        let mut arguments = vec![
            "--headless",
            // Root, and many containers, have no sandbox; only pages of this workspace are opened.
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        if !self.keeps_pages {
            arguments.push("--disable-back-forward-cache");
        }
        arguments
    }

    /// What somebody sets who allows no site to use JavaScript. The driver itself still finds, clicks and reads.
    fn preferences(&self) -> Value {
        if self.javascript {
            json!({})
        } else {
            json!({"profile.default_content_setting_values.javascript": 2})
        }
    }
}
