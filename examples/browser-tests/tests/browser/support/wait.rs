//! Waiting for a state of the page.

use std::time::Duration;

use fantoccini::{elements::Element, error::CmdError};
use tokio::time::{Instant, sleep};

use super::{browser::Browser, target::Target};

/// Longer than anything in these tests takes, even on a busy machine.
const WAIT_TIMEOUT: Duration = Duration::from_secs(30);
const POLL_INTERVAL: Duration = Duration::from_millis(25);

impl Browser {
    /// Calls `poll` until it returns a value. After a timeout, panics with `what` and the content of the page.
    ///
    /// Errors are retried: during a navigation, elements of the previous page become invalid.
    pub(crate) async fn wait_for<T>(
        &self,
        what: &str,
        mut poll: impl AsyncFnMut() -> Result<Option<T>, CmdError>,
    ) -> T {
        let deadline = Instant::now() + WAIT_TIMEOUT;
        loop {
            let result = poll().await;
            if let Ok(Some(value)) = result {
                return value;
            }
            if Instant::now() > deadline {
                self.fail(what, result.err()).await;
            }
            sleep(POLL_INTERVAL).await;
        }
    }

    pub(crate) async fn wait_until(
        &self,
        what: &str,
        mut condition: impl AsyncFnMut() -> Result<bool, CmdError>,
    ) {
        self.wait_for(what, async || Ok(condition().await?.then_some(())))
            .await;
    }

    pub(crate) async fn find(&self, target: impl Into<Target>) -> Element {
        let target = target.into();
        self.wait_for(&format!("{target:?}"), async || {
            self.client.find(target.locator()).await.map(Some)
        })
        .await
    }

    /// Waits until the page shows this text.
    pub(crate) async fn wait_for_text(&self, text: &str) {
        self.wait_for_text_in("body", text).await;
    }

    pub(crate) async fn wait_for_text_in(&self, target: impl Into<Target>, text: &str) {
        let target = target.into();
        self.wait_until(&format!("{text:?} in {target:?}"), async || {
            let element = self.client.find(target.locator()).await?;
            Ok(element.text().await?.contains(text))
        })
        .await;
    }

    /// Waits until the URL starts with this prefix.
    pub(crate) async fn wait_for_url_prefix(&self, url: &str) {
        self.wait_until(&format!("a URL that starts with {url}"), async || {
            Ok(self.client.current_url().await?.as_str().starts_with(url))
        })
        .await;
    }

    /// Waits until this is the URL.
    pub(crate) async fn wait_for_url(&self, url: &str) {
        self.wait_until(&format!("the URL {url}"), async || {
            Ok(self.client.current_url().await?.as_str() == url)
        })
        .await;
    }

    async fn fail(&self, what: &str, error: Option<CmdError>) -> ! {
        let url = self.client.current_url().await;
        let url = url.map_or_else(|error| error.to_string(), String::from);
        let text = match self.client.find(Target::from("body").locator()).await {
            Ok(body) => body.text().await,
            Err(error) => Err(error),
        };
        let text = text.unwrap_or_else(|error| error.to_string());
        let error = error.map_or_else(String::new, |error| format!(" ({error})"));
        let console = self.console_errors().await;
        self.screenshot("timeout").await;
        panic!(
            "timeout waiting for {what}{error} at {url}, which shows:\n{text}\nErrors in the console: {console:#?}"
        );
    }
}
