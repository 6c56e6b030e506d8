//! Requests to the API, and buttons on the page.

use axum::http::HeaderMap;
use kelviq_axum::fake::{FakeEvent, FakeKelviq};
use kelviq_core::{
    ChargePeriod, CheckoutPlan, CreateCheckoutSession, VerifiedEvent, WebhookHeaders,
    WebhookVerifier,
};
use reqwest::{Client, Method, RequestBuilder, Response, header::CONTENT_TYPE, redirect::Policy};
use serde_json::Value;

pub(super) const SUCCESS_URL: &str = "https://app.example.com/thanks";

/// An HTTP client that is independent of `kelviq-core`, like a browser or another library.
pub(super) fn http() -> Client {
    Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .redirect(Policy::none())
        .build()
        .unwrap()
}

/// An API request with the right key and content type.
pub(super) fn api_post(
    kelviq: &FakeKelviq,
    path: &str,
    body: impl Into<reqwest::Body>,
) -> RequestBuilder {
    http()
        .post(format!("{}{path}", kelviq.base_url()))
        .bearer_auth(kelviq.api_key())
        .header(CONTENT_TYPE, "application/json")
        .body(body)
}

/// Posts a body to `/checkout/`, and returns the response's status and JSON.
pub(super) async fn post(kelviq: &FakeKelviq, body: impl Into<String>) -> (u16, Value) {
    let request = api_post(kelviq, "/checkout/", body.into());
    let response = request.send().await.unwrap();
    (response.status().as_u16(), read_json(response).await)
}

/// Sends an API request with the right key, and returns the status and the JSON of the response; null if it has no body.
pub(super) async fn call(
    kelviq: &FakeKelviq,
    method: Method,
    path: &str,
    body: Value,
) -> (u16, Value) {
    let url = format!("{}{path}", kelviq.base_url());
    let mut request = http().request(method, url).bearer_auth(kelviq.api_key());
    if !body.is_null() {
        request = request
            .header(CONTENT_TYPE, "application/json")
            .body(body.to_string());
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_default())
}

/// Requests JSON that exists.
pub(super) async fn get(kelviq: &FakeKelviq, path: &str) -> Value {
    let (status, response) = call(kelviq, Method::GET, path, Value::Null).await;
    assert_eq!(status, 200, "{path}: {response}");
    response
}

pub(super) async fn read_json(response: Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

/// Creates a session with this request body, and returns its id.
pub(super) async fn created(kelviq: &FakeKelviq, body: impl Into<String>) -> String {
    let (status, response) = post(kelviq, body).await;
    assert_eq!(status, 201, "{response}");
    response["checkoutSessionId"].as_str().unwrap().to_owned()
}

pub(super) fn request() -> CreateCheckoutSession {
    CreateCheckoutSession::new(CheckoutPlan::new("pro", ChargePeriod::Monthly), SUCCESS_URL)
}

/// A request body with the required fields, followed by more text such as `,"metadata":{}`.
pub(super) fn body(more: &str) -> String {
    format!(
        r#"{{"planIdentifier":"pro","successUrl":"{SUCCESS_URL}","chargePeriod":"MONTHLY"{more}}}"#
    )
}

/// The same for a plan that is paid once, so that a payment has one event.
pub(super) fn once(more: &str) -> String {
    body(more).replace("MONTHLY", "ONE_TIME")
}

/// The application's id of the customer of an event.
pub(super) fn customer_of(event: &FakeEvent) -> String {
    let customer_id = &self::event(event)["data"]["object"]["customer"]["customer_id"];
    customer_id.as_str().unwrap().to_owned()
}

/// Pays a new session of a customer, with more fields of the request such as `,"trialPeriod":14`.
pub(super) async fn buy(kelviq: &FakeKelviq, customer_id: &str, more: &str) -> FakeEvent {
    let more = format!(r#","customerId":"{customer_id}"{more}"#);
    kelviq.pay(&created(kelviq, body(&more)).await)
}

/// The subscription of a customer who has one.
pub(super) fn subscription_id(kelviq: &FakeKelviq, customer_id: &str) -> String {
    let [subscription] = &kelviq.subscriptions(customer_id)[..] else {
        panic!("{customer_id} has not exactly one subscription");
    };
    subscription.id.clone()
}

/// Cancels a subscription through the API.
pub(super) async fn cancel(kelviq: &FakeKelviq, id: &str, body: Value) -> (u16, Value) {
    call(
        kelviq,
        Method::POST,
        &format!("/subscriptions/{id}/cancel/"),
        body,
    )
    .await
}

/// The JSON of an event.
pub(super) fn event(event: &FakeEvent) -> Value {
    serde_json::from_str(event.as_json()).unwrap()
}

/// Presses a button on the checkout page.
pub(super) async fn press(kelviq: &FakeKelviq, session_id: &str, button: &str) -> Response {
    let url = format!("{}{button}", page_url(kelviq, session_id));
    http().post(url).send().await.unwrap()
}

pub(super) fn page_url(kelviq: &FakeKelviq, session_id: &str) -> String {
    let origin = kelviq.base_url().strip_suffix("/api/v1").unwrap();
    format!("{origin}/checkout/{session_id}/")
}

pub(super) fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers()[name].to_str().unwrap()
}

/// Verifies an event as an app does.
pub(super) fn verified(kelviq: &FakeKelviq, event: &FakeEvent) -> VerifiedEvent {
    let (parts, _) = event.request("/webhooks").into_parts();
    WebhookVerifier::new(kelviq.webhook_secret())
        .verify(webhook_headers(&parts.headers), event.as_json().as_bytes())
        .unwrap()
}

/// The webhook headers of a delivery.
pub(super) fn webhook_headers(headers: &HeaderMap) -> WebhookHeaders<'_> {
    WebhookHeaders::from_pairs(headers)
}

/// The types of the events in the webhook log, newest first.
pub(super) async fn logged_types(kelviq: &FakeKelviq) -> Vec<Value> {
    let log = get(kelviq, "/webhook/logs/").await;
    let rows = log["results"].as_array().unwrap().iter();
    rows.map(|row| row["eventType"].clone()).collect()
}
