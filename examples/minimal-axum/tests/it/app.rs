//! The routes, tested with `FakeKelviq`.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::BodyExt;
use kelviq_axum::{Shop, fake::FakeKelviq};
use minimal_axum::app;
use serde_json::json;
use tower::ServiceExt;

async fn open(app: &Router, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn the_home_page_has_a_button_and_the_success_page_needs_a_reference() {
    let kelviq = FakeKelviq::start().await;
    let app = app(Shop::on_loopback(kelviq.client()), kelviq.webhook_secret());
    let (status, home) = open(&app, "/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(home.contains(r#"action="/buy""#), "{home}");
    let (status, thanks) = open(&app, "/thanks?reference=abc").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(thanks.contains("Order not found"), "{thanks}");
}

#[tokio::test]
async fn a_purchase_redirects_to_the_checkout_and_its_webhook_is_handled() {
    let kelviq = FakeKelviq::start().await;
    let app = app(Shop::on_loopback(kelviq.client()), kelviq.webhook_secret());

    let buy = Request::post("/buy").header("host", "127.0.0.1:3000");
    let response = app
        .clone()
        .oneshot(buy.body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);

    let checkout = &kelviq.checkouts()[0];
    let success_url = checkout.fields["successUrl"].as_str().unwrap();
    let reference = success_url
        .strip_prefix("http://127.0.0.1:3000/thanks?reference=")
        .unwrap();
    assert_eq!(checkout.fields["planIdentifier"], "pro");
    assert_eq!(checkout.fields.get("customerId"), None);
    assert_eq!(
        checkout.metadata,
        json!({"order_ref": reference, "source": "pricing_page", "seats": 5})
    );

    let path = success_url.strip_prefix("http://127.0.0.1:3000").unwrap();
    let (_, page) = open(&app, path).await;
    assert!(page.contains("We are confirming your payment"), "{page}");

    let response = kelviq
        .pay(&checkout.id)
        .deliver_to(&app, "/webhooks/kelviq")
        .await;
    assert_eq!(response.status(), StatusCode::OK);
}
