//! A browser with its own profile.

use std::sync::Arc;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::{driver::Driver, settings::Settings};

/// A browser with an empty profile. It is closed when dropped. Its methods panic if the driver reports an error.
///
/// Methods that use or read an element wait until it exists.
pub(crate) struct Browser {
    pub(super) client: Client,
    pub(crate) settings: Settings,
    driver: Arc<Driver>,
    session_id: String,
}

impl Browser {
    pub(crate) async fn open(driver: Arc<Driver>, settings: Settings) -> Self {
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(settings.capabilities(&driver.installation))
            .connect(&driver.url())
            .await
            .expect("the browser should start");
        let session_id = client.session_id().await.unwrap();
        let browser = Self {
            client,
            driver,
            session_id: session_id.expect("a session has an id"),
            settings,
        };
        browser.apply_settings().await;
        browser
    }

    /// Opens a second browser with the same settings and a separate profile.
    pub(crate) async fn open_another(&self) -> Self {
        Self::open(self.driver.clone(), self.settings.clone()).await
    }

    pub(crate) async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    pub(crate) async fn back(&self) {
        self.client.back().await.unwrap();
    }

    pub(crate) async fn reload(&self) {
        self.client.refresh().await.unwrap();
    }

    pub(crate) async fn url(&self) -> String {
        self.client.current_url().await.unwrap().into()
    }

    pub(crate) async fn title(&self) -> String {
        self.client.title().await.unwrap()
    }

    /// Runs a function body in the page and returns its result, which may be a promise.
    ///
    /// Panics if JavaScript is disabled. The driver could run the script nevertheless, but a test that needs it would not
    /// show how the page works without JavaScript.
    pub(crate) async fn execute(&self, script: &str) -> Value {
        assert!(
            self.settings.javascript,
            "JavaScript is disabled in this browser"
        );
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Applies the settings of the current window, which stay in effect for all its pages.
    pub(super) async fn apply_settings(&self) {
        let (width, height) = self.settings.viewport;
        let viewport =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", viewport)
            .await;
        let scheme = if self.settings.dark { "dark" } else { "light" };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.driver.close(&self.session_id);
    }
}
