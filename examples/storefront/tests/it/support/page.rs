//! A response of the shop.

use axum::http::{
    HeaderMap, StatusCode,
    header::{AsHeaderName, LOCATION},
};

use super::form::Form;

pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
}

impl Page {
    /// Returns the form with this button.
    #[track_caller]
    pub(crate) fn form(&self, button: &str) -> Form {
        Form::with_button(&self.html, button)
    }

    #[track_caller]
    pub(crate) fn assert_shows(&self, text: &str) {
        assert!(self.html.contains(text), "{text:?} is not in {}", self.html);
    }

    #[track_caller]
    pub(crate) fn assert_hides(&self, text: &str) {
        assert!(!self.html.contains(text), "{text:?} is in {}", self.html);
    }

    #[track_caller]
    pub(crate) fn header(&self, name: impl AsHeaderName) -> &str {
        self.headers.get(name).unwrap().to_str().unwrap()
    }

    /// Returns the seconds after which the browser reloads the page, with or without JavaScript.
    pub(crate) fn reload_after(&self) -> Option<u64> {
        let (noscript, rest) = self
            .html
            .split_once("</noscript><meta http-equiv=\"refresh\" content=\"")?;
        let (seconds, _) = rest.split_once('"')?;
        assert!(noscript.ends_with(&format!(
            "<meta http-equiv=\"refresh\" content=\"{seconds}\">"
        )));
        seconds.parse().ok()
    }

    /// Returns the target of a redirect with status 303.
    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER);
        self.header(LOCATION)
    }
}
