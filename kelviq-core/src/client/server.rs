//! The servers that receive the API key, and the requests to them.

use reqwest::Method;
use url::Url;

use crate::{error::Error, validation::Validation};

/// A server that receives requests with the API key.
pub(super) struct Server {
    /// The base URL, which ends with a slash.
    pub(super) base_url: Url,
    /// The host of the base URL, and the port if it is not the default one.
    pub(super) host: String,
    /// Describes the server that the API key must belong to, for error messages.
    pub(super) key_issuer: String,
}

/// A request to the API.
pub(super) struct Request<'a> {
    pub(super) server: &'a Server,
    pub(super) method: Method,
    pub(super) url: Url,
    /// The path without ids of the application, which can be personal data.
    pub(super) logged_path: String,
    pub(super) json: Option<String>,
}

impl Server {
    pub(super) fn new(base_url: Url, key_issuer: String) -> Self {
        let host = base_url.host_str().unwrap_or_default();
        let host = match base_url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        Self {
            base_url,
            host,
            key_issuer,
        }
    }

    /// Creates a request for a path below the base URL.
    ///
    /// Segments other than ids from Kelviq are rejected, because they could change the path.
    pub(super) fn request(&self, method: Method, path: &[&str]) -> Result<Request<'_>, Error> {
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let mut check = Validation::default();
        for segment in path {
            if segment.is_empty() || !segment.bytes().all(is_id) {
                check.fail("id", "expected an id from Kelviq, such as cs_…");
            }
        }
        check.finish()?;
        let mut url = self.base_url.clone();
        // The path of the base URL ends with a slash, and so does every path of the API.
        url.set_path(&[url.path(), &path.join("/"), "/"].concat());
        Ok(Request {
            server: self,
            method,
            logged_path: url.path().to_owned(),
            url,
            json: None,
        })
    }
}

impl Request<'_> {
    /// Appends an id of the application to the path, percent-encoded. It must be neither empty nor a dot segment, which a URL
    /// cannot contain.
    pub(super) fn with_segment(mut self, id: &str) -> Self {
        // Only URLs without a host have no path segments, and base URLs have one.
        if let Ok(mut segments) = self.url.path_segments_mut() {
            segments.pop_if_empty().push(id).push("");
        }
        self.logged_path.push_str("{id}/");
        self
    }
}
