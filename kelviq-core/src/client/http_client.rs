//! The HTTP client.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::redirect::Policy;
use url::{Host, Url};

use crate::{error::Error, loopback::is_loopback};

/// Less than the idle timeout of common load balancers, which is 60 s. Otherwise a request could be sent on a connection that
/// is just being closed.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Returns a builder with the settings that a custom one replaces.
pub(super) fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder().pool_idle_timeout(POOL_IDLE_TIMEOUT)
}

/// Creates the HTTP client from a builder, with the settings that every client has.
///
/// Fails if only one of the two base URLs is plain http or on loopback: requests to such a server use no proxy and need no
/// certificates, and one HTTP client sends all requests.
pub(super) fn build(
    http: reqwest::ClientBuilder,
    base_urls: [&Url; 2],
    connect_timeout: Duration,
) -> Result<reqwest::Client, Error> {
    let is_http = |url: &Url| url.scheme() == "http";
    let is_local = base_urls.map(|url| is_http(url) || is_loopback(url));
    if is_local[0] != is_local[1] {
        return Err(Error::configuration(
            "only one of KELVIQ_BASE_URL and KELVIQ_EDGE_BASE_URL is http or on loopback; set both to the fake, or neither",
        ));
    }
    let mut http = http
        .connect_timeout(connect_timeout)
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        // The verbose log contains the Authorization header.
        .connection_verbose(false);
    if base_urls.into_iter().all(is_http) {
        // Plain http needs no CA certificates.
        http = http.tls_certs_only([]);
    }
    if is_local[0] {
        // A server on loopback is never behind a proxy, and a proxy would read plain http.
        http = http.no_proxy();
    } else {
        http = http.https_only(true);
    }
    for base_url in base_urls {
        if let Some(Host::Domain(name)) = base_url.host()
            && is_loopback(base_url)
            && name != "localhost"
        {
            // DNS could resolve `*.localhost` to another machine. Port 0 stands for the port of the URL.
            let loopback = [
                SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
                SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
            ];
            http = http.resolve_to_addrs(name, &loopback);
        }
    }
    http.build().map_err(|error| {
        Error::configuration(
            "the HTTPS client cannot start; are CA certificates installed (on Debian, the package ca-certificates)? If a custom HTTP client is set, check it too",
        )
        .with_source(error.without_url())
    })
}
