//! The base URLs of the API.

use url::Url;

use super::environment::Environment;
use crate::{error::Error, loopback::is_loopback, placeholder_host::is_placeholder_host};

/// The names of a base URL in error messages.
#[derive(Clone, Copy)]
pub(super) enum Name {
    Core,
    Edge,
}

impl Name {
    fn as_str(self) -> &'static str {
        match self {
            Self::Core => "the base URL (KELVIQ_BASE_URL)",
            Self::Edge => "the base URL of the entitlements (KELVIQ_EDGE_BASE_URL)",
        }
    }
}

/// Parses a base URL, which must be https, or http for a loopback address. With `allow_http`, it can also be http for any
/// host, except in production.
///
/// If the URL has no path, `/api/v1` is added, as in Kelviq's SDKs. The result ends with a slash, so that a path can be
/// appended.
pub(super) fn parse_base_url(
    name: Name,
    text: &str,
    environment: Environment,
    allow_http: bool,
) -> Result<Url, Error> {
    let reject = |problem: &str| {
        let name = name.as_str();
        Err(Error::configuration(format!("{name} {problem}")))
    };
    // URL parsers remove line breaks, which would join two lines of a file of settings.
    let text = text.trim();
    if text.contains(|c: char| c.is_whitespace() || c.is_control() || "=<>…".contains(c)) {
        return reject(
            "contains white space, a second `NAME=` or a placeholder; set it to one URL",
        );
    }
    let Ok(mut url) = Url::parse(text) else {
        return reject("is not an absolute URL such as https://sandboxapi.kelviq.com/api/v1");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return reject("must not contain a user name or password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return reject("must not contain a query or fragment");
    }
    if url.host_str().is_some_and(is_placeholder_host) {
        return reject("has a placeholder as its host; set it to the URL of the API, or unset it");
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" if allow_http && environment != Environment::Production => {}
        "http" if allow_http => return reject("must be https in production (KELVIQ_ENV)"),
        _ => {
            return reject(
                "must be https; http is allowed for loopback, and with `allow_insecure_base_url` for a fake on another host",
            );
        }
    }
    if environment == Environment::Production && is_host_of(&url, Environment::Sandbox) {
        return reject("is the sandbox's, but KELVIQ_ENV is production; unset one of them");
    }
    match url.path().trim_end_matches('/') {
        "" => url.set_path("/api/v1/"),
        path => url.set_path(&format!("{path}/")),
    }
    Ok(url)
}

/// Returns the base URL of the entitlements that belong to a base URL of the core API: that of Kelviq's environment, or the same
/// URL for any other server.
pub(super) fn edge_of(base_url: &Url) -> Result<Url, Error> {
    let text = base_url.as_str().trim_end_matches('/');
    let mut environments = [Environment::Sandbox, Environment::Production].into_iter();
    match environments.find(|environment| environment.base_url() == text) {
        Some(environment) => {
            parse_base_url(Name::Edge, environment.edge_base_url(), environment, false)
        }
        None => Ok(base_url.clone()),
    }
}

/// Logs a base URL that does not fit the environment but can be intended.
pub(super) fn warn_about_base_url(name: Name, base_url: &Url, environment: Environment) {
    let name = name.as_str();
    match environment {
        Environment::Production if is_loopback(base_url) => tracing::warn!(
            "KELVIQ_ENV is production, but {name} is on loopback; unset it to use Kelviq"
        ),
        Environment::Sandbox if is_host_of(base_url, Environment::Production) => tracing::warn!(
            "{name} is that of production, but KELVIQ_ENV is not; set it to production"
        ),
        _ => {}
    }
}

/// Returns `true` if the URL's host is that of an environment's API, or below it.
fn is_host_of(url: &Url, environment: Environment) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_suffix('.').unwrap_or(host);
    let api = environment.host();
    let above = host.strip_suffix(api);
    above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
}
