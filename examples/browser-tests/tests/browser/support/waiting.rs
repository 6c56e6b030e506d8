//! Waiting for what is to be seen, and no longer.

use std::time::Duration;

use fantoccini::{elements::Element, error::CmdError};
use tokio::time::{Instant, sleep};

use super::{browser::Browser, target::Target};

/// More than anything here takes, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(30);
const BETWEEN_LOOKS: Duration = Duration::from_millis(25);

impl Browser {
    /// Looks until there is something, and fails the test with `what` and what the page shows if nothing comes.
    ///
    /// An error is no failure yet: a page that is just being left has lost the element that was found on it.
    pub(crate) async fn wait_for<T>(
        &self,
        what: &str,
        mut look: impl AsyncFnMut() -> Result<Option<T>, CmdError>,
    ) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let seen = look().await;
            if let Ok(Some(seen)) = seen {
                return seen;
            }
            if Instant::now() > deadline {
                self.give_up(what, seen.err()).await;
            }
            sleep(BETWEEN_LOOKS).await;
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

    /// Waits until the page shows this text somewhere.
    pub(crate) async fn shows(&self, text: &str) {
        self.shows_in("body", text).await;
    }

    pub(crate) async fn shows_in(&self, target: impl Into<Target>, text: &str) {
        let target = target.into();
        self.wait_until(&format!("{text:?} in {target:?}"), async || {
            let element = self.client.find(target.locator()).await?;
            Ok(element.text().await?.contains(text))
        })
        .await;
    }

    /// Waits until the address begins like this.
    pub(crate) async fn arrives_at(&self, url: &str) {
        self.wait_until(&format!("the address {url}…"), async || {
            Ok(self.client.current_url().await?.as_str().starts_with(url))
        })
        .await;
    }

    /// Waits until this is the whole address.
    pub(crate) async fn arrives_exactly_at(&self, url: &str) {
        self.wait_until(&format!("the address {url}"), async || {
            Ok(self.client.current_url().await?.as_str() == url)
        })
        .await;
    }

    async fn give_up(&self, what: &str, error: Option<CmdError>) -> ! {
        let url = self.client.current_url().await;
        let url = url.map_or_else(|error| error.to_string(), String::from);
        let text = match self.client.find(Target::from("body").locator()).await {
            Ok(body) => body.text().await,
            Err(error) => Err(error),
        };
        let text = text.unwrap_or_else(|error| error.to_string());
        let error = error.map_or_else(String::new, |error| format!(" ({error})"));
        let console = self.console_errors().await;
        self.screenshot("waited-in-vain").await;
        panic!(
            "waited in vain for {what}{error} at {url}, which shows:\n{text}\nThe console has {console:#?}"
        );
    }
}
