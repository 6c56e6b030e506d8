//! The base URL of the API.

use url::Url;

use crate::{error::Error, loopback::is_loopback};

/// Parses a base URL, which must be https, or http for a loopback address.
///
/// If the URL has no path, `/api/v1` is added, as in Kelviq's SDKs. The result ends with a slash, so that a path can be
/// appended.
pub(super) fn parse_base_url(text: &str) -> Result<Url, Error> {
    let reject = |problem: &str| {
        Err(Error::configuration(format!(
            "the base URL (KELVIQ_BASE_URL) {problem}"
        )))
    };
    let Ok(mut url) = Url::parse(text.trim()) else {
        return reject("is not an absolute URL such as https://sandboxapi.kelviq.com/api/v1");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return reject("must not contain a user name or password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return reject("must not contain a query or fragment");
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        _ => return reject("must be https; http is allowed for loopback only"),
    }
    match url.path().trim_end_matches('/') {
        "" => url.set_path("/api/v1/"),
        path => url.set_path(&format!("{path}/")),
    }
    Ok(url)
}
