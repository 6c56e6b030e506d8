//! What the browser complained about.

use serde_json::{Value, json};

use super::{browser::Browser, devtools::Extra};

/// A line of the console: from a script, or from the browser itself.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) is_error: bool,
    /// `security` for what the Content-Security-Policy forbids, `network` for what did not load, `javascript`, …
    pub(crate) source: String,
    pub(crate) text: String,
}

impl Browser {
    /// What has been written since the last call, in all windows.
    pub(crate) async fn console(&self) -> Vec<Message> {
        let log = Extra {
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

    /// Neither an error, nor anything that the Content-Security-Policy forbids.
    pub(crate) async fn assert_no_console_errors(&self) {
        let errors = self.console_errors().await;
        assert!(errors.is_empty(), "the console has {errors:#?}");
    }

    /// No error but those that the browser itself writes about answers with this status.
    pub(crate) async fn assert_no_console_errors_but(&self, status: u16) {
        let mut errors = self.console_errors().await;
        let about = format!("status of {status} ");
        errors.retain(|error| error.source != "network" || !error.text.contains(&about));
        assert!(errors.is_empty(), "the console has {errors:#?}");
    }
}
