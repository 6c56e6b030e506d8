//! The server functions as a script calls them.

use std::time::Duration;

use axum::http::StatusCode;
use kelviq_axum::fake::Fault;

use crate::support::{CHECKOUT, Log, PORTAL, Store, action, form, script, with, without};

#[tokio::test]
async fn the_response_is_the_url_of_the_checkout_and_no_redirect() {
    let store = Store::open().await;
    let response = store.send(script(CHECKOUT, "offer=pro")).await;
    assert_eq!(response.status, StatusCode::OK);
    assert!(response.body.starts_with('"') && response.body.contains("/checkout/cs_"));
    // The components navigate themselves. Leptos's redirect hook would navigate a second time.
    assert_eq!(response.header("location"), "");
    assert_eq!(response.header("serverfnredirect"), "");
}

#[tokio::test]
async fn two_clicks_of_a_customer_get_one_session() {
    let store = Store::open().await;
    let first = store.send(script(CHECKOUT, "offer=pro")).await;
    let second = store.send(script(CHECKOUT, "offer=pro")).await;
    assert_eq!(first.body, second.body);
    assert_eq!(store.kelviq.checkouts().len(), 1);
}

#[tokio::test]
async fn an_error_is_a_code_and_a_reference_without_kelviqs_own_message() {
    let store = Store::open().await;
    store.kelviq.inject_next(Fault::TooManyRequests {
        retry_after: Duration::from_secs(60),
    });
    let busy = store.send(script(CHECKOUT, "offer=pro")).await;
    assert_eq!(busy.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(busy.header("retry-after"), "60");
    let (code, reference) = busy.body.split_once(' ').unwrap();
    assert_eq!((code, reference.len()), ("busy", 32));

    let unknown = store.send(script(CHECKOUT, "offer=gone")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let (code, reference) = unknown.body.split_once(' ').unwrap();
    assert_eq!((code, reference.len()), ("unknown_offer", 32));

    let malformed = store.send(script(CHECKOUT, "offer[x]=pro")).await;
    assert!(malformed.status.is_server_error());
    assert_eq!(malformed.body, "unsupported_body ");
}

#[tokio::test]
async fn a_buyer_who_must_sign_in_is_sent_there_from_a_script_too() {
    let store = Store::open().await;
    let page = "page=%2Fplans%3Fperiod%3Dyear";
    for (path, fields) in [
        (CHECKOUT, format!("offer=pro&{page}")),
        (PORTAL, page.to_owned()),
    ] {
        let response = store.send(without(script(path, &fields), "x-user")).await;
        assert_eq!(response.status, StatusCode::OK);
        assert_eq!(response.body, r#""/sign-in?next=%2Fplans%3Fperiod%3Dyear""#);
    }
}

#[tokio::test]
async fn the_way_back_from_signing_in_never_leads_to_another_host() {
    let store = Store::open().await;
    for page in ["//evil.example", "https://evil.example/", "/\\evil.example"] {
        let fields = format!("offer=pro&page={page}");
        let response = store
            .send(without(script(CHECKOUT, &fields), "x-user"))
            .await;
        assert_eq!(response.body, r#""/sign-in""#, "{page}");
    }
}

#[tokio::test]
async fn another_site_calls_nothing() {
    let store = Store::open().await;
    for (path, fields) in [(CHECKOUT, "offer=pro"), (PORTAL, "")] {
        let request = with(script(path, fields), "sec-fetch-site", "cross-site");
        assert_eq!(store.send(request).await.status, StatusCode::FORBIDDEN);
    }
    assert!(store.kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn a_large_form_is_413() {
    let store = Store::open().await;
    let fields = format!("offer=pro&x={}", "x".repeat(20 * 1024));
    for path in [CHECKOUT, PORTAL] {
        let response = store.send(script(path, &fields)).await;
        assert_eq!(response.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(response.body, "body_too_large ");
    }
}

#[tokio::test]
async fn a_missing_layer_is_logged_with_the_line_to_add() {
    let (log, _guard) = Log::record();
    let store = Store::with_layer(|router, _| router).await;

    let page = store.page("/plans").await;
    let rendered = log.text();
    assert!(
        rendered.contains("add .layer(CheckoutLayer::new(offers)) to the router"),
        "{rendered}"
    );

    for request in [
        script(CHECKOUT, "offer=pro"),
        script(PORTAL, ""),
        script("/api/kelviq/checkout?kelviq_form=pro", "offer=pro"),
    ] {
        let response = store.send(request).await;
        assert_eq!(response.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.body, "internal ");
    }
    let plain = store.send(form(&action(&page, "pro"), "offer=pro")).await;
    assert!(!plain.status.is_success());
    assert!(log.text().len() > rendered.len());
}
