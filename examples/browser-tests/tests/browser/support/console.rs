//! The console of the browser.

use super::{browser::Browser, engine::Engine};

/// A message in the console, from a script or from the browser.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) is_error: bool,
    /// `security` for violations of the Content-Security-Policy, `network` for failed requests, `javascript`, …
    pub(crate) source: String,
    pub(crate) text: String,
}

impl Browser {
    /// Returns the messages since the last call, of all windows. Always empty in `WebKitGTK`, which does not make them
    /// available.
    pub(crate) async fn console(&self) -> Vec<Message> {
        match self.engine() {
            Engine::Chromium => self.chromium_console().await,
            Engine::Firefox => self.firefox_console().await,
            Engine::WebKit => Vec::new(),
        }
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

    /// Asserts that there are no errors, except for responses with this status, which Chromium logs.
    pub(crate) async fn assert_no_console_errors_except(&self, status: u16) {
        let mut errors = self.console_errors().await;
        let expected = format!("status of {status} ");
        errors.retain(|error| error.source != "network" || !error.text.contains(&expected));
        assert!(errors.is_empty(), "errors in the console: {errors:#?}");
    }
}
