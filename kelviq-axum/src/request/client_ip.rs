//! The IP address of the buyer.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{HeaderName, request::Parts},
};

/// Returns the buyer's public IP address: from the trusted header if one is set, otherwise the peer's.
///
/// Returns `None` if the trusted header is missing or invalid. In this case the peer's address is not used, because it is
/// the proxy's.
pub(crate) fn client_ip(parts: &Parts, trusted: Option<&HeaderName>) -> Option<IpAddr> {
    let address = match trusted {
        Some(header) => rightmost(parts, header)?,
        None => parts.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip(),
    };
    let address = address.to_canonical();
    is_public(address).then_some(address)
}

/// Returns `true` if the server does not provide the address that is needed for [`client_ip`].
pub(crate) fn is_peer_missing(parts: &Parts, trusted: Option<&HeaderName>) -> bool {
    trusted.is_none() && parts.extensions.get::<ConnectInfo<SocketAddr>>().is_none()
}

/// Returns the last entry of the last header line, which the proxy in front of the application added.
fn rightmost(parts: &Parts, header: &HeaderName) -> Option<IpAddr> {
    let line = parts.headers.get_all(header).iter().next_back()?;
    let entry = line.to_str().ok()?.rsplit(',').next()?.trim();
    // Some proxies add the port: `192.0.2.1:443`, `[2001:db8::1]:443`.
    let with_port = || entry.parse::<SocketAddr>().ok().map(|address| address.ip());
    let bracketed = || entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    entry.parse().ok().or_else(with_port).or_else(bracketed)
}

/// Returns `true` if the address is globally routable. Other addresses reveal no location.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            let shared = a == 100 && (64..128).contains(&b);
            let assignments = matches!((a, b, c), (192, 0, 0) | (192, 88, 99));
            let benchmarking = a == 198 && (b == 18 || b == 19);
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_documentation()
                || v4.is_multicast()
                || v4 == Ipv4Addr::UNSPECIFIED
                || a == 0
                || a >= 240
                || shared
                || assignments
                || benchmarking)
        }
        IpAddr::V6(v6) => {
            let [first, second, ..] = v6.segments();
            // Global unicast, except documentation addresses and those with an embedded IPv4 address.
            first & 0xe000 == 0x2000
                && (first, second) != (0x2001, 0xdb8)
                && !(first == 0x2001 && second < 0x200)
                && first != 0x2002
                && !(first == 0x3fff && second < 0x1000)
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};

    use super::*;

    fn from_header(value: &str) -> Option<IpAddr> {
        let header = HeaderName::from_static("x-forwarded-for");
        let request = Request::get("/").header(&header, value);
        let (parts, _) = request.body(Body::empty()).unwrap().into_parts();
        client_ip(&parts, Some(&header))
    }

    #[test]
    fn the_rightmost_entry_counts_with_or_without_a_port() {
        for (value, address) in [
            ("8.8.4.4", "8.8.4.4"),
            ("1.1.1.1, 8.8.4.4", "8.8.4.4"),
            ("evil, 1.1.1.1,8.8.4.4 ", "8.8.4.4"),
            ("8.8.4.4:1234", "8.8.4.4"),
            ("2606:4700::1", "2606:4700::1"),
            ("[2606:4700::1]", "2606:4700::1"),
            ("[2606:4700::1]:443", "2606:4700::1"),
            ("::ffff:8.8.4.4", "8.8.4.4"),
        ] {
            assert_eq!(
                from_header(value),
                Some(address.parse().unwrap()),
                "{value}"
            );
        }
    }

    #[test]
    fn invalid_and_private_addresses_are_not_sent() {
        for value in [
            "",
            "unknown",
            "8.8.4.4, unknown",
            "8.8.4.4,",
            "for=8.8.4.4",
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "::",
            "::1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "2001:db8::1",
            "::ffff:10.0.0.1",
            "fec0::1",
            "::10.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:a00:1::1",
            "2001::1",
            "100::1",
            "3fff::1",
            "192.88.99.1",
        ] {
            assert_eq!(from_header(value), None, "{value}");
        }
    }

    #[test]
    fn a_trusted_header_that_is_missing_does_not_fall_back_to_the_proxy() {
        let peer = ConnectInfo("8.8.4.4:1".parse::<SocketAddr>().unwrap());
        let request = Request::get("/")
            .extension(peer)
            .header("x-real-ip", "1.1.1.1");
        let (parts, _) = request.body(Body::empty()).unwrap().into_parts();
        assert_eq!(client_ip(&parts, None), Some("8.8.4.4".parse().unwrap()));
        let trusted = HeaderName::from_static("cf-connecting-ip");
        assert_eq!(client_ip(&parts, Some(&trusted)), None);
    }
}
