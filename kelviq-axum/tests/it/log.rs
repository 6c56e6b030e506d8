//! The log: an operator finds the reference that a buyer reads from a page.

use crate::support::{TestResponse, buyer::User, form, log::Log, send, with};
use std::net::SocketAddr;

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderName, Method, Request, StatusCode},
    routing::any,
};
use kelviq_axum::{
    Checkout, CheckoutRedirect, Offer, Offers, Rejection, Shop,
    fake::{FakeKelviq, Fault},
    kelviq_core::ChargePeriod,
    portal, routes,
};

async fn buy(checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
    let plan = checkout.plan("basic", ChargePeriod::Monthly);
    plan.redirect().await
}

fn app(shop: Shop) -> Router {
    let offers = Offers::builder(shop.clone())
        .offer(
            "team",
            Offer::plan("team", ChargePeriod::Yearly).quantity("seats", 1..=50),
        )
        .sold_to::<User>()
        .build()
        .unwrap();
    Router::new()
        .route("/buy", any(buy))
        .with_state(shop)
        .route("/billing", portal::<User, _>(offers.shop().clone()))
        .nest("/checkout", routes(offers))
}

fn public(kelviq: &FakeKelviq) -> Router {
    app(Shop::new(kelviq.client(), "https://app.example.com").unwrap())
}

/// Returns the reference that a page or a script shows.
fn reference(response: &TestResponse) -> String {
    let before = match response.body.strip_prefix('{') {
        Some(_) => "\"reference\":\"",
        None => "Reference: <code>",
    };
    let (_, rest) = response.body.split_once(before).unwrap();
    rest[..32].to_owned()
}

fn get(path: &str) -> Request<Body> {
    let mut request = form(path, "");
    *request.method_mut() = Method::GET;
    request
}

fn put(path: &str) -> Request<Body> {
    let mut request = form(path, "");
    *request.method_mut() = Method::PUT;
    request
}

#[tokio::test]
async fn every_error_page_has_a_reference_that_is_in_the_log() {
    let kelviq = FakeKelviq::start().await;
    let public = public(&kelviq);
    let loopback = app(Shop::on_loopback(kelviq.client()));
    let log = Log::start();
    let buyer = |request| with(request, "x-user", "cust_1");
    let cross_site = |path| with(form(path, ""), "sec-fetch-site", "cross-site");
    let large = "x".repeat(16 * 1024 + 1);
    for (app, request, status) in [
        (&public, cross_site("/checkout/team"), 403),
        (&public, cross_site("/buy"), 403),
        (&public, cross_site("/billing"), 403),
        (&public, form("/checkout/gone", ""), 404),
        (&public, get("/checkout/gone/resume"), 404),
        (&public, with(form("/billing", ""), "x-user", "nobody"), 404),
        (&public, get("/buy"), 405),
        (&public, put("/billing"), 405),
        (&public, get("/checkout/team"), 405),
        (&public, put("/checkout/team/resume"), 405),
        (&public, form("/checkout/team", &large), 413),
        (
            &public,
            with(form("/checkout/team", "{}"), "content-type", "text/plain"),
            415,
        ),
        (&public, form("/checkout/team", "quantity[seats]=0"), 422),
        (&public, get("/checkout/team/resume?quantity[seats]=0"), 422),
        (
            &loopback,
            with(form("/checkout/team", ""), "host", "a.example"),
            400,
        ),
        (&loopback, with(form("/buy", ""), "host", "a.example"), 400),
    ] {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let page = send(app, request).await;
        assert_eq!(page.status.as_u16(), status, "{method} {uri}");
        let lines = log.with(&reference(&page));
        assert_eq!(lines.len(), 1, "{method} {uri}: {lines:?}");
        let is_hidden = ["DEBUG", "TRACE"]
            .iter()
            .any(|level| lines[0].starts_with(level));
        assert!(!is_hidden, "{method} {uri}: {lines:?}");
        if matches!(status, 413 | 415 | 422) {
            assert!(lines[0].contains("offer=\"team\""), "{lines:?}");
        }
    }
    let script = with(
        form("/checkout/team", "quantity[seats]=0"),
        "accept",
        "application/json",
    );
    let script = send(&public, buyer(script)).await;
    assert_eq!(log.with(&reference(&script)).len(), 1);
}

#[tokio::test]
async fn every_new_shop_logs_one_line_with_its_environment_and_host() {
    let kelviq = FakeKelviq::start().await;
    let log = Log::start();
    let _ = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let _ = Shop::on_loopback(kelviq.client());
    let base_url = format!("base_url=\"{}\"", kelviq.client().base_url());
    let lines = log.with(&base_url);
    assert_eq!(lines.len(), 2, "{lines:?}");
    for (line, public_url) in lines.iter().zip(["https://app.example.com/", "(loopback)"]) {
        assert!(line.contains("environment=sandbox"), "{line}");
        assert!(
            line.contains(&format!("public_url=\"{public_url}\"")),
            "{line}"
        );
    }
    assert!(Shop::new(kelviq.client(), "https://changeme").is_err());
}

#[tokio::test]
async fn the_creation_of_a_session_is_logged_with_its_reference_id_and_offer() {
    let kelviq = FakeKelviq::start().await;
    let app = public(&kelviq);
    let log = Log::start();
    for (path, name) in [
        ("/checkout/team", "offer=\"team\""),
        ("/buy", "plan=\"basic\""),
    ] {
        let sold = send(&app, with(form(path, ""), "x-user", "cust_1")).await;
        assert_eq!(sold.status, StatusCode::SEE_OTHER);
        let checkout = kelviq.checkouts().pop().unwrap();
        let success_url = checkout.fields["successUrl"].as_str().unwrap();
        let (_, reference) = success_url.rsplit_once("reference=").unwrap();
        let lines = log.with(reference);
        assert_eq!(lines.len(), 1, "{lines:?}");
        for text in [name, &checkout.id, "checkout session created"] {
            assert!(lines[0].contains(text), "{lines:?}");
        }
    }
    for fault in [
        Fault::Error(500),
        Fault::CheckoutUrl("https://evil.example/".into()),
    ] {
        kelviq.inject_next(fault);
        let page = send(&app, with(form("/checkout/team", ""), "x-user", "cust_2")).await;
        assert_eq!(page.status, StatusCode::BAD_GATEWAY);
        let lines = log.with(&reference(&page));
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains("offer=\"team\""), "{lines:?}");
    }
}

#[tokio::test]
async fn a_missing_peer_address_is_logged_once_with_the_fix() {
    let kelviq = FakeKelviq::start().await;
    let peer = ConnectInfo::<SocketAddr>(([127, 0, 0, 1], 1234).into());
    let fix = "into_make_service_with_connect_info::<SocketAddr>()";
    let shop = || Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let trusting = shop().trust_client_ip_header(HeaderName::from_static("x-real-ip"));
    for (shop, has_peer, lines) in [(shop(), true, 0), (trusting, false, 0), (shop(), false, 1)] {
        let (app, log) = (app(shop), Log::start());
        for path in ["/buy", "/checkout/team", "/buy"] {
            let mut request = with(form(path, ""), "x-user", "cust_1");
            if has_peer {
                request.extensions_mut().insert(peer);
            }
            assert_eq!(send(&app, request).await.status, StatusCode::SEE_OTHER);
        }
        let logged = log.with(fix);
        assert_eq!(logged.len(), lines, "{logged:?}");
    }
}
