//! The server functions as a script calls them.

use std::time::Duration;

use axum::http::StatusCode;
use kelviq_axum::fake::Fault;
use kelviq_leptos::CheckoutLayer;

use crate::support::{CHECKOUT, Log, PORTAL, SEATS, Store, action, form, script, with, without};

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
    assert_eq!(busy.error().0, "busy");

    let unknown = store.send(script(CHECKOUT, "offer=gone")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(unknown.error().0, "unknown_offer");
}

#[tokio::test]
async fn a_body_that_is_not_the_form_of_the_function_is_415_with_a_logged_reference() {
    let store = Store::open().await;
    let (log, _guard) = Log::record();
    let json = |path, fields| with(script(path, fields), "content-type", "application/json");
    for request in [
        script(CHECKOUT, "offer[x]=pro"),
        script(CHECKOUT, ""),
        script(SEATS, "seats=many"),
        json(CHECKOUT, r#"{"offer":"pro"}"#),
        json(CHECKOUT, "offer=pro"),
        json(PORTAL, "{}"),
        json(SEATS, r#"{"seats":3}"#),
    ] {
        let response = store.send(request).await;
        assert_eq!(response.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let (code, reference) = response.error();
        assert_eq!(code, "unsupported_body");
        assert!(
            log.has_line("unsupported_body", reference),
            "{}",
            log.text()
        );
    }
    assert!(store.kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn an_error_that_the_application_chose_has_its_status_and_a_logged_reference() {
    let store = Store::open().await;
    let (log, _guard) = Log::record();
    let response = store.send(script(SEATS, "seats=5999")).await;
    assert_eq!(response.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (code, reference) = response.error();
    assert_eq!(code, "invalid_quantity");
    assert!(log.has_line(code, reference), "{}", log.text());
}

#[tokio::test]
async fn a_checkout_of_the_application_that_fails_has_the_reference_of_the_log() {
    let store = Store::open().await;
    store.kelviq.inject_always(Fault::Error(500));
    let (log, _guard) = Log::record();
    let response = store.send(script(SEATS, "seats=3")).await;
    assert_eq!(response.status, StatusCode::BAD_GATEWAY);
    let (code, reference) = response.error();
    assert_eq!(code, "upstream");
    assert!(log.has_line("the checkout could not be started", reference));
}

#[tokio::test]
async fn a_buyer_who_is_rejected_by_the_application_gets_a_logged_reference() {
    let store = Store::open().await;
    let (log, _guard) = Log::record();
    for (path, fields) in [(CHECKOUT, "offer=pro"), (PORTAL, "")] {
        let request = with(script(path, fields), "x-user", "banned");
        let response = store.send(request).await;
        assert_eq!(response.status, StatusCode::FORBIDDEN);
        let (code, reference) = response.error();
        assert_eq!(code, "buyer_refused");
        assert!(log.has_line("the buyer's extractor rejected", reference));
    }
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
async fn features_may_have_names_that_look_like_indices_and_equal_duplicates_are_one() {
    let fields = "offer=storage&quantity[10gb]=2&quantity[4294967295]=3&quantity[10gb]=2&offer=storage&x[0=1";
    for request in [script(CHECKOUT, fields), form(CHECKOUT, fields)] {
        let store = Store::open().await;
        let _ = store.send(request).await;
        let checkout = store.kelviq.checkouts().pop().unwrap();
        assert_eq!(
            checkout.fields["features"].to_string(),
            r#"[{"identifier":"10gb","quantity":2},{"identifier":"4294967295","quantity":3}]"#
        );
    }
}

#[tokio::test]
async fn different_duplicates_of_a_quantity_or_an_offer_sell_nothing() {
    let store = Store::open().await;
    for (fields, code) in [
        (
            "offer=storage&quantity[10gb]=2&quantity[10gb]=3",
            "invalid_quantity",
        ),
        ("offer=storage&quantity[10gb]=conflict", "invalid_quantity"),
        ("offer=pro&offer=team", "unsupported_body"),
    ] {
        let response = store.send(script(CHECKOUT, fields)).await;
        assert_eq!(response.error().0, code, "{fields}");
    }
    assert!(store.kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn two_different_layers_around_each_other_are_an_error_in_the_log() {
    let warning = "two different CheckoutLayers";
    let (log, _guard) = Log::record();
    let store = Store::with_layer(|router, offers| {
        let layer = CheckoutLayer::new(offers);
        router.layer(layer.clone()).layer(layer)
    })
    .await;
    store.page("/plans").await;
    assert!(!log.text().contains(warning), "{}", log.text());

    let store = Store::with_layer(|router, offers| {
        router
            .layer(CheckoutLayer::new(offers.clone()))
            .layer(CheckoutLayer::new(offers))
    })
    .await;
    store.page("/plans").await;
    assert!(log.has_line(warning, "ERROR"), "{}", log.text());
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
async fn a_listed_origin_calls_the_functions_and_no_other() {
    let store = Store::with_shop(
        |shop| shop.allow_origin("https://www.example.com").unwrap(),
        |router, offers| {
            let cors = offers.shop().cors();
            router.layer(CheckoutLayer::new(offers)).layer(cors)
        },
    )
    .await;
    let request = |path, fields, origin| {
        let request = with(script(path, fields), "sec-fetch-site", "cross-site");
        with(request, "origin", origin)
    };
    for (path, fields, status) in [
        (CHECKOUT, "offer=pro", StatusCode::OK),
        (SEATS, "seats=3", StatusCode::OK),
        (CHECKOUT, "offer=gone", StatusCode::NOT_FOUND),
        (PORTAL, "", StatusCode::NOT_FOUND),
    ] {
        let listed = request(path, fields, "https://www.example.com");
        let response = store.send(listed).await;
        assert_eq!(response.status, status, "{path}");
        let origin = response.header("access-control-allow-origin");
        assert_eq!(origin, "https://www.example.com", "{path}");

        let before = store.kelviq.checkouts().len();
        let other = request(path, fields, "https://evil.example");
        let response = store.send(other).await;
        assert_eq!(response.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(response.header("access-control-allow-origin"), "");
        assert_eq!(store.kelviq.checkouts().len(), before);
    }
}

#[tokio::test]
async fn a_large_form_is_413() {
    let store = Store::open().await;
    let fields = format!("offer=pro&x={}", "x".repeat(20 * 1024));
    let (log, _guard) = Log::record();
    for path in [CHECKOUT, PORTAL] {
        let response = store.send(script(path, &fields)).await;
        assert_eq!(response.status, StatusCode::PAYLOAD_TOO_LARGE);
        let (code, reference) = response.error();
        assert_eq!(code, "body_too_large");
        assert!(log.has_line(code, reference), "{}", log.text());
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
    let plain = || form(&action(&page, "pro"), "offer=pro");
    for request in [
        plain(),
        // Leptos would redirect to the referrer.
        with(plain(), "referer", "https://app.example.com/plans"),
    ] {
        let plain = store.send(request).await;
        assert_eq!(plain.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(plain.header("content-type"), "text/html; charset=utf-8");
        assert!(
            plain
                .body
                .contains("<p role=\"alert\">The checkout could not be started."),
            "{plain:?}"
        );
    }
    assert!(log.text().len() > rendered.len());
}
