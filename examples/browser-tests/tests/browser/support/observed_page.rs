//! Reading a page while a navigation is pending.
//!
//! While the response to a form submission is pending, Chromium delays all `WebDriver` commands for the page, although
//! the page is still visible. A second window of the same origin can read the page at any time.

use fantoccini::wd::WindowHandle;
use serde_json::Value;

use super::{browser::Browser, page::Focused};

/// A page in one window, and a second window that reads it.
pub(crate) struct ObservedPage<'a> {
    browser: &'a Browser,
    observer: WindowHandle,
    page: WindowHandle,
}

impl Browser {
    /// Opens a URL in a second window and switches to it. The first window opens `observer_url`, which can be any page
    /// of the same origin, and observes the second one.
    pub(crate) async fn open_observed(&self, observer_url: &str, url: &str) -> ObservedPage<'_> {
        assert!(
            !self.settings.waits_for_pages,
            "the browser would wait for the pending page; use `without_waiting_for_pages`"
        );
        self.goto(observer_url).await;
        self.wait_for_url_prefix(observer_url).await;
        let observer = self.client.window().await.unwrap();
        let url = serde_json::to_string(url).unwrap();
        self.execute(&format!("window.observed = window.open({url})"))
            .await;
        let page = self
            .wait_for("a second window", async || {
                let windows = self.client.windows().await?;
                Ok(windows.into_iter().find(|window| *window != observer))
            })
            .await;
        self.client.switch_to_window(page.clone()).await.unwrap();
        self.apply_settings().await;
        ObservedPage {
            browser: self,
            observer,
            page,
        }
    }
}

impl ObservedPage<'_> {
    /// Runs a function body in the observing window and returns its result. `page` is the document of the observed page.
    pub(crate) async fn read(&self, script: &str) -> Value {
        let client = &self.browser.client;
        client
            .switch_to_window(self.observer.clone())
            .await
            .unwrap();
        let script = format!("const page = window.observed.document; {script}");
        let result = client.execute(&script, Vec::new()).await.unwrap();
        client.switch_to_window(self.page.clone()).await.unwrap();
        result
    }

    pub(crate) async fn text(&self, selector: &str) -> String {
        let selector = serde_json::to_string(selector).unwrap();
        let script = format!("return page.querySelector({selector}).innerText");
        self.read(&script)
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub(crate) async fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let (selector, name) = (
            serde_json::to_string(selector).unwrap(),
            serde_json::to_string(name).unwrap(),
        );
        let script = format!("return page.querySelector({selector}).getAttribute({name})");
        self.read(&script).await.as_str().map(str::to_owned)
    }

    pub(crate) async fn active_element(&self) -> Focused {
        let script =
            "const e = page.activeElement; return [e.localName, e.getAttribute('id'), e.innerText]";
        let element = self.read(script).await;
        let text = |index: usize| element[index].as_str().map(str::to_owned);
        Focused {
            tag: text(0).unwrap_or_default(),
            id: text(1),
            text: text(2).unwrap_or_default(),
        }
    }
}
