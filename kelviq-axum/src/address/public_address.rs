//! The public address of the application.

use std::net::SocketAddr;

use axum::{
    extract::ConnectInfo,
    http::{header::HOST, request::Parts},
};
use kelviq_core::__internal::{is_loopback, is_placeholder_host};
use url::Url;

use super::host_name::is_host;
use crate::config_error::ConfigError;

/// The address that success and cancel paths are joined to.
#[derive(Clone, Debug)]
pub(crate) enum PublicAddress {
    /// A fixed URL, which ends with a slash.
    Fixed(Url),
    /// The host of each request, if it is on loopback.
    Loopback,
}

impl PublicAddress {
    /// Parses a public URL.
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigError> {
        let invalid = |problem: &str| {
            Err(ConfigError::new(format!(
                "the public URL (PUBLIC_URL) {problem}"
            )))
        };
        // The parser drops line breaks and tabs, and encodes spaces.
        if text
            .trim()
            .contains(|c: char| c.is_whitespace() || c.is_control())
        {
            return invalid("must not contain white space or a line break");
        }
        if text.contains('=') {
            return invalid("must not contain \"=\"; is it followed by another variable?");
        }
        let Ok(mut url) = Url::parse(text.trim()) else {
            return invalid("is not an absolute URL such as https://app.example.com");
        };
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return invalid("must begin with https:// or http://");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return invalid("must not contain a user name or password");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return invalid("must not contain a query or fragment");
        }
        if url.domain().is_some_and(|name| !is_host(name)) {
            return invalid("has an invalid host");
        }
        if url.domain().is_some_and(is_placeholder_host) {
            return invalid("is a placeholder; set it to the URL that buyers open");
        }
        url.set_path(&format!("{}/", url.path().trim_end_matches('/')));
        Ok(Self::Fixed(url))
    }

    /// Rejects http, except on loopback, where it is logged.
    pub(crate) fn validate_for_production(&self) -> Result<(), ConfigError> {
        match self {
            Self::Fixed(url) if url.scheme() != "https" && !is_loopback(url) => Err(
                ConfigError::new("the public URL (PUBLIC_URL) must be https in production"),
            ),
            Self::Fixed(url) if is_loopback(url) => {
                tracing::warn!(
                    "PUBLIC_URL is on loopback in production: only a browser on this machine returns to the shop after paying"
                );
                Ok(())
            }
            Self::Fixed(_) | Self::Loopback => Ok(()),
        }
    }

    /// Returns the fixed URL.
    pub(crate) fn url(&self) -> Option<&str> {
        match self {
            Self::Fixed(url) => Some(url.as_str()),
            Self::Loopback => None,
        }
    }

    /// Returns the path of the public URL, which ends with a slash. It is `/` on loopback.
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Fixed(url) => url.path(),
            Self::Loopback => "/",
        }
    }

    /// Returns the base URL for a request, or the reason why it is rejected.
    pub(crate) fn base(&self, parts: &Parts) -> Result<Url, &'static str> {
        match self {
            Self::Fixed(url) => Ok(url.clone()),
            Self::Loopback => loopback_base(parts),
        }
    }

    /// Returns a URL to validate paths with before there is a request.
    pub(crate) fn sample_base(&self) -> Result<Url, ConfigError> {
        match self {
            Self::Fixed(url) => Ok(url.clone()),
            Self::Loopback => {
                Url::parse("http://127.0.0.1/").map_err(|error| ConfigError::new(error.to_string()))
            }
        }
    }
}

const PROXY_HEADERS: [&str; 5] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
];

/// Returns the loopback URL of a direct request, or the reason for a rejection.
fn loopback_base(parts: &Parts) -> Result<Url, &'static str> {
    // A proxied request can have a loopback `Host` although the buyer is on another machine.
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

/// Reads the request's authority or `Host` header.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_resemble_placeholders_are_accepted() {
        for text in [
            "https://your-coffee.example",
            "https://changemaker.example",
            "https://app.example.com",
        ] {
            assert!(PublicAddress::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn an_invalid_public_url_is_rejected() {
        for text in [
            "",
            "app.example.com",
            "ftp://a.example",
            "https://u:p@a.example",
            "https://a.example/?x=1",
            "https://a.example/#x",
            "mailto:a@b.example",
            "https://",
            "https://app.exa mple.com",
            "https://app.example.com/a b",
            "https://app.exa\nmple.com",
            "https://app.example.com\nKELVIQ_ENV=production",
            "https://app.example.com KELVIQ_ENV=production",
            "https://app.example.comKELVIQ_ENV=production",
            "https://app.example.com/KELVIQ_ENV=production",
            "PUBLIC_URL=https://app.example.com",
            "https://*.example.com",
            "https://<your-host>",
            "https://$HOST",
            "https://your_domain;",
            "<your url>",
            "changeme",
            "https://changeme",
            "https://CHANGE-ME:8443/shop",
            "https://changeme.example.com",
            "https://replace_me/",
            "https://your-domain.com",
            "https://yourdomain.com",
            "https://shop.your_app.example",
            "…",
        ] {
            let message = PublicAddress::parse(text).unwrap_err().to_string();
            assert!(
                message.starts_with("the public URL (PUBLIC_URL) "),
                "{text}: {message}"
            );
        }
    }
}
