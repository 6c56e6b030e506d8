//! Where the application is mounted.

use axum::{
    extract::OriginalUri,
    http::{Uri, request::Parts},
};
use kelviq_axum::{ReturnPath, Shop};

/// The part of a path in the browser that the router with the layer does not see. It has no slash at its end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mount {
    /// The path of the public URL, if a proxy strips it.
    stripped: String,
    /// The path that the router is nested at.
    nested: String,
}

impl Mount {
    /// Returns the mount of the router that a request has reached.
    pub(crate) fn of(parts: &Parts, shop: &Shop) -> Self {
        let original = original_uri(parts).path();
        let path = parts.uri.path();
        let nested = match original.strip_suffix(path) {
            Some(nested) => nested,
            // The root of a nested router has no slash in the browser.
            None if path == "/" => original,
            None => "",
        };
        let public_url = shop.public_url().and_then(|url| url.parse::<Uri>().ok());
        let public = public_url.as_ref().map_or("", |url| url.path());
        let public = public.trim_end_matches('/');
        let rest = original.strip_prefix(public);
        let is_stripped = !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        Self {
            stripped: if is_stripped { public } else { "" }.to_owned(),
            // The path could otherwise begin with two slashes, which a browser reads as the URL of another host.
            nested: ReturnPath::new(nested).map_or_else(String::new, |path| path.as_str().into()),
        }
    }

    /// Returns the path in the browser of a path of the router.
    pub(crate) fn path(&self, path: &str) -> String {
        [&self.stripped, &self.nested, path].concat()
    }

    /// Returns path and query of a page in the browser.
    pub(super) fn page(&self, parts: &Parts) -> String {
        let uri = original_uri(parts);
        let page = uri.path_and_query().map_or("/", |page| page.as_str());
        [&self.stripped, page].concat()
    }
}

/// Returns the URI before `Router::nest` has changed it.
fn original_uri(parts: &Parts) -> &Uri {
    let original = parts.extensions.get::<OriginalUri>();
    original.map_or(&parts.uri, |OriginalUri(uri)| uri)
}
