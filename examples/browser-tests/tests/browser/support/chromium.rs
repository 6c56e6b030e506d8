//! Chromium: its capabilities, and commands of its driver beyond the `WebDriver` standard.

use std::path::Path;

use fantoccini::error::CmdError;
use serde_json::{Value, json};

use super::{
    browser::Browser, console::Message, driver_command::DriverCommand, settings::Settings,
};

pub(super) fn capabilities(settings: &Settings, browser: Option<&Path>) -> Value {
    json!({
        "browserName": "chrome",
        "goog:loggingPrefs": {"browser": "ALL"},
        // chromedriver creates an empty profile for each browser.
        "goog:chromeOptions": {
            "binary": browser,
            "args": arguments(settings),
            "prefs": preferences(settings),
        },
    })
}

fn arguments(settings: &Settings) -> Vec<&'static str> {
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
    if !settings.back_forward_cache {
        arguments.push("--disable-back-forward-cache");
    }
    arguments
}

/// The preferences of the profile. JavaScript is disabled as a user would do it; the driver still works.
fn preferences(settings: &Settings) -> Value {
    if settings.javascript {
        json!({})
    } else {
        json!({"profile.default_content_setting_values.javascript": 2})
    }
}

impl Browser {
    /// Runs a command of the Chrome `DevTools` Protocol.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.try_devtools(command, parameters).await.unwrap()
    }

    pub(super) async fn try_devtools(
        &self,
        command: &str,
        parameters: Value,
    ) -> Result<Value, CmdError> {
        let body = json!({"cmd": command, "params": parameters});
        let command = DriverCommand::post("goog/cdp/execute", body);
        self.client.issue_cmd(command).await
    }

    pub(super) async fn apply_chromium_settings(&self) {
        let (width, height) = self.settings.viewport;
        let viewport =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", viewport)
            .await;
        let scheme = if self.settings.dark { "dark" } else { "light" };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    pub(super) async fn chromium_console(&self) -> Vec<Message> {
        let log = DriverCommand::post("se/log", json!({"type": "browser"}));
        let entries = self.client.issue_cmd(log).await.unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let message = |entry: &Value| Message {
            is_error: entry["level"] == "SEVERE",
            source: text(&entry["source"]),
            text: text(&entry["message"]),
        };
        let entries = entries.as_array().expect("the log is a list");
        entries.iter().map(message).collect()
    }
}
