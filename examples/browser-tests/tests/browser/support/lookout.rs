//! Seeing a page that is on its way elsewhere.
//!
//! While a form's answer is awaited, Chromium holds back all that a driver asks of the page, although people still see
//! it. A second window of the same site may look into the first one at any time.

use fantoccini::wd::WindowHandle;
use serde_json::Value;

use super::{browser::Browser, page::Focused};

/// A page, and another window that keeps an eye on it.
pub(crate) struct Lookout<'a> {
    browser: &'a Browser,
    outside: WindowHandle,
    page: WindowHandle,
}

impl Browser {
    /// Opens an address in a window that can be watched, and makes it the one in use. `lookout` is any address of the
    /// same site.
    pub(crate) async fn watch(&self, lookout: &str, url: &str) -> Lookout<'_> {
        assert!(
            !self.settings.waits_for_pages,
            "a browser that waits for pages waits for the one that is held back, too"
        );
        self.goto(lookout).await;
        self.arrives_at(lookout).await;
        let first = self.client.window().await.unwrap();
        let url = serde_json::to_string(url).unwrap();
        self.execute(&format!("window.watched = window.open({url})"))
            .await;
        let page = self
            .wait_for("a second window", async || {
                let windows = self.client.windows().await?;
                Ok(windows.into_iter().find(|window| *window != first))
            })
            .await;
        self.client.switch_to_window(page.clone()).await.unwrap();
        self.apply_settings().await;
        Lookout {
            browser: self,
            outside: first,
            page,
        }
    }
}

impl Lookout<'_> {
    /// What a function body returns that is run in the other window; `page` is the document of the watched one.
    pub(crate) async fn read(&self, script: &str) -> Value {
        let client = &self.browser.client;
        client.switch_to_window(self.outside.clone()).await.unwrap();
        let script = format!("const page = window.watched.document; {script}");
        let seen = client.execute(&script, Vec::new()).await.unwrap();
        client.switch_to_window(self.page.clone()).await.unwrap();
        seen
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
        let seen = self.read(script).await;
        let text = |index: usize| seen[index].as_str().map(str::to_owned);
        Focused {
            tag: text(0).unwrap_or_default(),
            id: text(1),
            text: text(2).unwrap_or_default(),
        }
    }
}
