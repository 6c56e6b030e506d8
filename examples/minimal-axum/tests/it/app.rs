//! The routes, tested with `FakeKelviq`.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::BodyExt;
use kelviq_axum::{Shop, fake::FakeKelviq};
use minimal_axum::app;
use serde_json::json;
use tower::ServiceExt;

#[tokio::test]
async fn the_home_page_has_a_button_and_there_is_a_success_page() {
    let kelviq = FakeKelviq::start().await;
    let app = app(Shop::on_loopback(kelviq.client()), kelviq.webhook_secret());
    for (path, text) in [
        ("/", r#"action="/buy""#),
        ("/thanks?reference=abc", "We are confirming your order"),
    ] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert!(String::from_utf8_lossy(&body).contains(text), "{path}");
    }
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

    let response = kelviq
        .pay(&checkout.id)
        .deliver_to(&app, "/webhooks/kelviq")
        .await;
    assert_eq!(response.status(), StatusCode::OK);
}
