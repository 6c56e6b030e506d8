//! Where the application is reached, and the paths below it.

use std::net::SocketAddr;

use axum::{
    extract::ConnectInfo,
    http::{header::HOST, request::Parts},
};
use url::{Host, Url};

use crate::{CheckoutProblem, ConfigError, Reference};

#[derive(Clone, Debug)]
pub(super) enum Address {
    /// One address for all requests; it ends with a slash.
    Public(Url),
    /// The address that the buyer used, if it is on loopback.
    Loopback,
}

impl Address {
    pub(super) fn public(text: &str) -> Result<Self, ConfigError> {
        let refuse = |problem: &str| {
            Err(ConfigError::new(format!(
                "the public URL (PUBLIC_URL) {problem}"
            )))
        };
        let Ok(mut url) = Url::parse(text.trim()) else {
            return refuse("is not an absolute URL such as https://app.example.com");
        };
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return refuse("must begin with https:// or http://");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("must not hold a user name or password");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("must not hold a query or fragment");
        }
        url.set_path(&format!("{}/", url.path().trim_end_matches('/')));
        Ok(Self::Public(url))
    }

    pub(super) fn public_url(&self) -> Option<&str> {
        match self {
            Self::Public(url) => Some(url.as_str()),
            Self::Loopback => None,
        }
    }

    pub(super) fn base(&self, parts: &Parts) -> Result<Url, CheckoutProblem> {
        match self {
            Self::Public(url) => Ok(url.clone()),
            Self::Loopback => loopback_host(parts).map_err(|reason| {
                tracing::warn!(
                    reason,
                    "refused: without PUBLIC_URL only direct requests to loopback are served; set it to the address that is typed into the browser, in development for example http://localhost:3000"
                );
                CheckoutProblem::WrongAddress
            }),
        }
    }

    pub(super) fn sample(&self) -> Result<Url, ConfigError> {
        match self {
            Self::Public(url) => Ok(url.clone()),
            Self::Loopback => {
                Url::parse("http://127.0.0.1/").map_err(|error| ConfigError::new(error.to_string()))
            }
        }
    }
}

/// Joins a path such as `/thanks?from=checkout` to an address. The result cannot leave the address's origin.
pub(crate) fn join(base: &Url, path: &str) -> Option<Url> {
    let stays = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace());
    let prefix = base.as_str().trim_end_matches('/');
    let joined = Url::parse(&format!("{prefix}{path}")).ok()?;
    // The reference is added later: a second one of that name would be read for it.
    let is_free = joined
        .query_pairs()
        .all(|(name, _)| name != Reference::PARAMETER);
    (stays && is_free && joined.origin() == base.origin()).then_some(joined)
}

const PROXY_HEADERS: [&str; 5] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
];

/// The loopback address in the request's authority or `Host`, or why there is none.
fn loopback_host(parts: &Parts) -> Result<Url, &'static str> {
    // A proxy may send a loopback `Host` of its own: its buyers are elsewhere.
    if PROXY_HEADERS
        .iter()
        .any(|name| parts.headers.contains_key(*name))
    {
        return Err("the request came through a proxy (Forwarded, Via or X-Forwarded-…)");
    }
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    if peer.is_some_and(|ConnectInfo(peer)| !peer.ip().to_canonical().is_loopback()) {
        return Err("the peer is not on loopback, as behind a published port of a container");
    }
    loopback_url(parts).ok_or("the Host is not localhost, 127.0.0.1 or [::1]")
}

fn loopback_url(parts: &Parts) -> Option<Url> {
    let host = match parts.uri.authority() {
        Some(authority) => authority.as_str(),
        None => parts.headers.get(HOST)?.to_str().ok()?,
    };
    let url = Url::parse(&format!("http://{host}/")).ok()?;
    let nothing_else = url.username().is_empty() && url.password().is_none() && url.path() == "/";
    (is_loopback(&url) && nothing_else && url.query().is_none() && url.fragment().is_none())
        .then_some(url)
}

pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> Url {
        match Address::public(text).unwrap() {
            Address::Public(url) => url,
            Address::Loopback => unreachable!("a public address was given"),
        }
    }

    #[test]
    fn paths_are_joined_below_the_public_url() {
        for (public, path, joined) in [
            ("https://a.example", "/thanks", "https://a.example/thanks"),
            (
                "https://a.example/",
                "/thanks?x=1",
                "https://a.example/thanks?x=1",
            ),
            (
                "https://a.example/shop",
                "/thanks",
                "https://a.example/shop/thanks",
            ),
            (
                "https://a.example:8443/shop/",
                "/",
                "https://a.example:8443/shop/",
            ),
        ] {
            assert_eq!(join(&base(public), path).unwrap().as_str(), joined);
        }
    }

    #[test]
    fn no_path_leaves_the_origin() {
        let base = base("https://a.example");
        for path in [
            "",
            "thanks",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "@evil.example",
            ".evil.example",
            ":1@evil.example/",
            "/\nx",
            "/\t/evil.example",
            " /x",
            "/thanks?reference=campaign7",
        ] {
            assert_eq!(join(&base, path), None, "{path:?}");
        }
        assert_eq!(
            join(&base, "/../../x").unwrap().as_str(),
            "https://a.example/x"
        );
        assert_eq!(
            join(&base, "/@evil.example").unwrap().host_str(),
            Some("a.example")
        );
    }

    #[test]
    fn a_public_url_that_cannot_be_one_is_refused() {
        for text in [
            "",
            "app.example.com",
            "ftp://a.example",
            "https://u:p@a.example",
            "https://a.example/?x=1",
            "https://a.example/#x",
            "mailto:a@b.example",
            "https://",
        ] {
            let message = Address::public(text).unwrap_err().to_string();
            assert!(
                message.starts_with("the public URL (PUBLIC_URL) "),
                "{text}: {message}"
            );
        }
    }
}
