//! Commands that `fantoccini` does not have.

use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::Value;
use url::{ParseError, Url};

/// A command of a session.
#[derive(Debug)]
pub(super) struct DriverCommand {
    path: String,
    /// The body of a `POST` request. `None` for a `GET` request.
    body: Option<Value>,
}

impl DriverCommand {
    pub(super) fn get(path: String) -> Self {
        Self { path, body: None }
    }

    pub(super) fn post(path: &str, body: Value) -> Self {
        Self {
            path: path.to_owned(),
            body: Some(body),
        }
    }
}

impl WebDriverCompatibleCommand for DriverCommand {
    fn endpoint(&self, base: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        let session_id = session_id.unwrap_or_default();
        base.join(&format!("session/{session_id}/{}", self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        match &self.body {
            Some(body) => (Method::POST, Some(body.to_string())),
            None => (Method::GET, None),
        }
    }
}
