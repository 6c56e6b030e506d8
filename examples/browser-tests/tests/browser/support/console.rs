//! The console of the browser.

use serde_json::{Value, json};

use super::{browser::Browser, devtools::ChromedriverCommand};

/// A message in the console, from a script or from the browser.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) is_error: bool,
    /// `security` for violations of the Content-Security-Policy, `network` for failed requests, `javascript`, …
    pub(crate) source: String,
    pub(crate) text: String,
}

impl Browser {
    /// Returns the messages since the last call, of all windows.
    pub(crate) async fn console(&self) -> Vec<Message> {
        let log = ChromedriverCommand {
            path: "se/log",
            body: json!({"type": "browser"}),
        };
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

    pub(crate) async fn console_errors(&self) -> Vec<Message> {
        let mut messages = self.console().await;
        messages.retain(|message| message.is_error);
        messages
    }

    /// Asserts that there are no errors, including violations of the Content-Security-Policy.
    pub(crate) async fn assert_no_console_errors(&self) {
        let errors = self.console_errors().await;
        assert!(errors.is_empty(), "errors in the console: {errors:#?}");
    }

    /// Asserts that there are no errors, except for responses with this status, which the browser logs.
    pub(crate) async fn assert_no_console_errors_except(&self, status: u16) {
        let mut errors = self.console_errors().await;
        let expected = format!("status of {status} ");
        errors.retain(|error| error.source != "network" || !error.text.contains(&expected));
        assert!(errors.is_empty(), "errors in the console: {errors:#?}");
    }
}
