//! Firefox: its capabilities, and scripts with access to the browser itself.

use std::{
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};

use super::{
    browser::Browser, console::Message, driver_command::DriverCommand, settings::Settings,
};

/// The beginning of the line that the browser writes for `console.error` with a string. For an error of its own code,
/// the name of a component follows instead of a quote.
const CONSOLE_ERROR: &str = "console.error: \"";

/// Larger than any viewport.
const WINDOW_SIZE: (u32, u32) = (1400, 1100);

pub(super) fn capabilities(settings: &Settings, browser: Option<&Path>) -> Value {
    let preferences = json!({
        "javascript.enabled": settings.javascript,
        "layout.css.prefers-color-scheme.content-override": i32::from(!settings.dark),
        // The number of pages to keep. -1 is the default.
        "browser.sessionhistory.max_total_viewers": if settings.back_forward_cache { -1 } else { 0 },
        // The driver adds such listeners to every page.
        "docshell.shistory.bfcache.allow_unload_listeners": true,
        "devtools.console.stdout.content": true,
        // Fails without an internet connection, and logs an error.
        "messaging-system.rsexperimentloader.enabled": false,
    });
    json!({
        "browserName": "firefox",
        // geckodriver creates an empty profile for each browser.
        "moz:firefoxOptions": {
            "binary": browser,
            "args": ["-headless"],
            "prefs": preferences,
        },
    })
}

impl Browser {
    /// Runs a function body that has access to the browser itself, and returns its result.
    async fn execute_in_firefox(&self, script: &str) -> Value {
        self.set_firefox_context("chrome").await;
        let result = self.client.execute(script, Vec::new()).await;
        self.set_firefox_context("content").await;
        result.unwrap()
    }

    async fn set_firefox_context(&self, context: &str) {
        let command = DriverCommand::post("moz/context", json!({"context": context}));
        self.client.issue_cmd(command).await.unwrap();
    }

    /// Sets the viewport as the responsive design mode does: windows cannot be as narrow as a phone.
    pub(super) async fn apply_firefox_settings(&self) {
        let (width, height) = WINDOW_SIZE;
        self.client.set_window_size(width, height).await.unwrap();
        let (width, height) = self.settings.viewport;
        let script = format!(
            "const style = gBrowser.selectedBrowser.style; \
             for (const [name, value] of [['width', '{width}px'], ['height', '{height}px']]) \
                 for (const prefix of ['', 'min-', 'max-']) style.setProperty(prefix + name, value, 'important');"
        );
        self.execute_in_firefox(&script).await;
    }

    /// Returns the errors and warnings of pages since the last call. Firefox keeps uncaught errors and violations of the
    /// Content-Security-Policy in a list, and writes calls of `console` to its standard output.
    pub(super) async fn firefox_console(&self) -> Vec<Message> {
        static NEXT_NUMBER: AtomicUsize = AtomicUsize::new(1);
        let marker = format!(
            "end of messages {}",
            NEXT_NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        let script = format!(
            "dump('{marker}\\n'); \
             const messages = Services.console.getMessageArray() \
                 .filter(message => message instanceof Ci.nsIScriptError) \
                 .map(message => [message.flags, message.category, message.errorMessage]); \
             Services.console.reset(); \
             return messages;"
        );
        let messages = self.execute_in_firefox(&script).await;
        let message = |message: &Value| {
            let category = message[1].as_str()?;
            let source = match category {
                "content javascript" => "javascript",
                _ if category.starts_with("CSP") => "security",
                _ => return None,
            };
            Some(Message {
                // The flag of warnings.
                is_error: message[0].as_u64()? & 1 == 0,
                source: source.to_owned(),
                text: message[2].as_str()?.to_owned(),
            })
        };
        let messages = messages.as_array().expect("the messages are a list");
        let mut messages: Vec<_> = messages.iter().filter_map(message).collect();

        let start = self.lines_read.load(Ordering::Relaxed);
        let lines = self.driver.output_before(&marker, start).await;
        self.lines_read
            .store(start + lines.len() + 1, Ordering::Relaxed);
        let errors = lines
            .iter()
            .filter_map(|line| line.strip_prefix(CONSOLE_ERROR));
        messages.extend(errors.map(|text| Message {
            is_error: true,
            source: "console-api".to_owned(),
            text: text.to_owned(),
        }));
        messages
    }
}
