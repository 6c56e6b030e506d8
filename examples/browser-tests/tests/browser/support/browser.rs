//! A browser with its own profile.

use std::sync::{Arc, atomic::AtomicUsize};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;

use super::{driver::Driver, engine::Engine, installation::Installation, settings::Settings};

/// A browser with an empty profile. It is closed when dropped. Its methods panic if the driver reports an error.
///
/// Methods that use or read an element wait until it exists.
pub(crate) struct Browser {
    pub(super) client: Client,
    pub(crate) settings: Settings,
    installation: Arc<Installation>,
    /// One for each browser, because some drivers support only one browser at a time.
    pub(super) driver: Driver,
    /// The number of lines of the driver's output that have been read.
    pub(super) lines_read: AtomicUsize,
    session_id: String,
}

impl Browser {
    pub(crate) async fn open(installation: Arc<Installation>, settings: Settings) -> Self {
        let driver = Driver::start(&installation);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(settings.capabilities(&installation))
            .connect(&driver.url())
            .await
            .expect("the browser should start");
        let session_id = client.session_id().await.unwrap();
        let browser = Self {
            client,
            settings,
            installation,
            driver,
            lines_read: AtomicUsize::new(0),
            session_id: session_id.expect("a session has an id"),
        };
        browser.apply_settings().await;
        browser
    }

    /// Opens a second browser with the same settings and a separate profile.
    pub(crate) async fn open_another(&self) -> Self {
        Self::open(self.installation.clone(), self.settings.clone()).await
    }

    pub(crate) fn engine(&self) -> Engine {
        self.installation.engine
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
        match self.engine() {
            Engine::Chromium => self.apply_chromium_settings().await,
            Engine::Firefox => self.apply_firefox_settings().await,
            Engine::WebKit => {
                let (width, height) = self.settings.viewport;
                self.client.set_window_size(width, height).await.unwrap();
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.driver.close(&self.session_id);
    }
}
