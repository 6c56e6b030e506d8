//! The IP address of the buyer, from the header of a trusted proxy.

use std::net::{IpAddr, SocketAddr};

use axum::{
    Router,
    body::Body,
    http::{HeaderName, HeaderValue, Request},
};
use kelviq_axum::{Offer, Offers, Shop, routes};
use kelviq_core::{ChargePeriod, Kelviq};

use crate::upstream::{Shared, Upstream, lock, start};

static SHARED: Shared<Router> = Shared::new(|| start(app));

const HEADER: HeaderName = HeaderName::from_static("x-forwarded-for");

fn app(kelviq: Kelviq) -> Router {
    let shop = Shop::new(kelviq, "https://app.example.com").unwrap();
    let offers = Offers::builder(shop.trust_client_ip_header(HEADER))
        .offer("pro", Offer::plan("pro", ChargePeriod::Monthly));
    Router::new().nest("/checkout", routes(offers.build().unwrap()))
}

/// Each line of the input is a header line of the trusted name.
///
/// - The address is sent only if the last entry of the last line is that address, with or without a port, and public.
/// - What the buyer sends before that entry changes nothing.
///
/// Returns whether the address is sent.
pub fn client_ips(data: &[u8]) -> bool {
    let lines: Vec<_> = data
        .split(|byte| *byte == b'\n')
        .filter_map(|line| HeaderValue::from_bytes(line).ok())
        .collect();
    let (upstream, app) = &*lock(&SHARED);
    let address = sell(upstream, app, &lines);

    let last = lines.last().and_then(|line| line.to_str().ok());
    let entry = last.and_then(|line| line.rsplit(',').next()).map(str::trim);
    let Some(address) = address else {
        if let Some(Ok(IpAddr::V4(v4))) = entry.map(str::parse) {
            assert!(!is_well_known(v4.octets()), "{v4} is not sent");
        }
        return false;
    };
    let entry = entry.unwrap();
    let ip = entry.trim_start_matches('[').trim_end_matches(']').parse();
    let port = entry.parse::<SocketAddr>().map(|address| address.ip());
    let expected: IpAddr = ip.or(port).unwrap();
    assert_eq!(address, expected.to_canonical());
    match address {
        IpAddr::V4(v4) => assert!(!is_reserved(v4.octets()), "{v4}"),
        IpAddr::V6(v6) => assert_eq!(v6.segments()[0] >> 13, 1, "{v6}"),
    }

    let spoofed = [b"1.1.1.1, ", lines.last().unwrap().as_bytes()].concat();
    let spoofed = HeaderValue::from_bytes(&spoofed).unwrap();
    let spoofed = [HeaderValue::from_static("9.9.9.9"), spoofed];
    assert_eq!(sell(upstream, app, &spoofed), Some(address));
    true
}

/// Sells an offer, and returns the address that Kelviq gets.
fn sell(upstream: &Upstream, app: &Router, lines: &[HeaderValue]) -> Option<IpAddr> {
    upstream.create_sessions();
    let mut request = Request::post("/checkout/pro").header("sec-fetch-site", "same-origin");
    for line in lines {
        request = request.header(HEADER, line);
    }
    let response = upstream.send(app, request.body(Body::empty()).unwrap());
    assert_eq!(response.status(), 303);
    let [request] = &upstream.requests()[..] else {
        panic!("one request");
    };
    Some(request["ipAddress"].as_str()?.parse().unwrap())
}

/// Addresses of public resolvers.
fn is_well_known([a, b, c, d]: [u8; 4]) -> bool {
    a == b && b == c && c == d && [1, 8, 9].contains(&a)
}

fn is_reserved([a, b, ..]: [u8; 4]) -> bool {
    let is_private = a == 10 || (a == 172 && b >> 4 == 1) || (a, b) == (192, 168);
    is_private
        || a == 0
        || a == 127
        || a >= 224
        || (a, b) == (169, 254)
        || (a == 100 && b >> 6 == 1)
}
