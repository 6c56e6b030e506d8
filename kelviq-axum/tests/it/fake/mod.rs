//! `FakeKelviq`, as a test and a browser see it.

mod answers;
mod page;
mod requests;
mod sessions;
mod webhooks;

use kelviq_axum::{
    fake::FakeKelviq,
    kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession},
};
use reqwest::{Client, Response, header::CONTENT_TYPE, redirect::Policy};
use serde_json::Value;

const SUCCESS_URL: &str = "https://app.example.com/thanks";

/// A browser or another library: it knows nothing of `kelviq-core`.
fn http() -> Client {
    Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .redirect(Policy::none())
        .build()
        .unwrap()
}

/// Posts a body to the API with the right key.
async fn post(kelviq: &FakeKelviq, body: impl Into<String>) -> (u16, Value) {
    let answer = http()
        .post(format!("{}/checkout/", kelviq.base_url()))
        .bearer_auth(kelviq.api_key())
        .header(CONTENT_TYPE, "application/json")
        .body(body.into())
        .send()
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let body = answer.text().await.unwrap();
    (status, serde_json::from_str(&body).unwrap())
}

/// A session of the body's making, and its id.
async fn created(kelviq: &FakeKelviq, body: impl Into<String>) -> String {
    let (status, answer) = post(kelviq, body).await;
    assert_eq!(status, 201, "{answer}");
    answer["checkoutSessionId"].as_str().unwrap().to_owned()
}

fn request() -> CreateCheckoutSession {
    CreateCheckoutSession::new(CheckoutPlan::new("pro", ChargePeriod::Monthly), SUCCESS_URL)
}

/// A body with the required fields, and more text such as `,"metadata":{}`.
fn body(more: &str) -> String {
    format!(
        r#"{{"planIdentifier":"pro","successUrl":"{SUCCESS_URL}","chargePeriod":"MONTHLY"{more}}}"#
    )
}

/// Presses a button on the checkout page.
async fn press(kelviq: &FakeKelviq, session_id: &str, button: &str) -> Response {
    let url = format!("{}{button}", page_url(kelviq, session_id));
    http().post(url).send().await.unwrap()
}

fn page_url(kelviq: &FakeKelviq, session_id: &str) -> String {
    let origin = kelviq.base_url().strip_suffix("/api/v1").unwrap();
    format!("{origin}/checkout/{session_id}/")
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers()[name].to_str().unwrap()
}
