//! Payments that do not lead to an order are logged.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::BodyExt;
use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Metadata};
use tower::ServiceExt;

use crate::support::{
    log,
    storefront::{Storefront, WEBHOOKS, return_path},
};

#[tokio::test]
async fn a_second_payment_for_an_order_is_logged_as_an_error() {
    log::clear();
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    shop.pay().await;
    assert_eq!(log::count("order fulfilled"), 1);

    // A second session with the same metadata is paid as well.
    let request = CreateCheckoutSession::new(
        CheckoutPlan::new("starter", ChargePeriod::OneTime),
        "https://shop.example/",
    )
    .metadata(shop.last_checkout().metadata);
    let session = shop.kelviq.client().create_checkout_session(&request).await;
    let event_id = shop
        .kelviq
        .pay(&session.unwrap().checkout_session_id)
        .event_id()
        .to_owned();
    shop.pay().await;
    assert_eq!(log::count("ERROR"), 1);
    assert_eq!(log::count("an order was paid twice"), 1);
    assert!(log::count(&event_id) > 0);
    assert_eq!(log::count("order fulfilled"), 1);
    let orders = buyer.get("/orders").await;
    assert_eq!(orders.html.matches("<article").count(), 1);
}

#[tokio::test]
async fn an_order_with_invalid_metadata_is_not_fulfilled() {
    log::clear();
    let shop = Storefront::open().await;
    let request = CreateCheckoutSession::new(
        CheckoutPlan::new("starter", ChargePeriod::OneTime),
        "https://shop.example/",
    )
    .metadata(Metadata::from_json(r#"{"something":"else"}"#).unwrap());
    let session = shop.kelviq.client().create_checkout_session(&request).await;
    session.unwrap();
    shop.pay().await;
    assert_eq!(log::count("order fulfilled"), 0);
    assert_eq!(log::count("the metadata is invalid"), 1);
}

/// Kelviq documents only `success` here, but `open` and `expired` exist as statuses of sessions.
#[tokio::test]
async fn only_the_status_success_or_none_means_paid() {
    for (status, is_paid) in [
        (r#""success""#, true),
        ("null", true),
        (r#""open""#, false),
        (r#""expired""#, false),
        (r#""refused""#, false),
    ] {
        log::clear();
        let shop = Storefront::open().await;
        let mut buyer = shop.visitor();
        buyer.click("Buy Starter").await.location();
        let event = shop.kelviq.pay(&shop.last_checkout().id).request(WEBHOOKS);
        let (mut parts, body) = event.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8(body.into()).unwrap();
        let body = body.replace(r#""status":"success""#, &format!(r#""status":{status}"#));
        let header = |name: &str| parts.headers[name].to_str().unwrap();
        let (id, time) = (header("webhook-id"), header("webhook-timestamp"));
        let signature = shop.kelviq.webhook_secret().sign(id, time, body.as_bytes());
        parts
            .headers
            .insert("webhook-signature", signature.parse().unwrap());
        let event = Request::from_parts(parts, Body::from(body));
        let response = shop.router.clone().oneshot(event).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);

        let (thanks, _) = return_path(&shop.last_checkout());
        let page = buyer.get(&thanks).await;
        if is_paid {
            page.assert_shows("Your payment is confirmed");
        } else {
            page.assert_shows("We are confirming your payment");
            assert_eq!(log::count("a checkout that is not paid"), 1);
        }
    }
}
