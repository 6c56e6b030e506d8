//! The log lines of webhooks: with the ids by which an operator finds a checkout.

use std::{error::Error, fmt, io};

use axum::{Router, extract::State, http::StatusCode};
use kelviq_axum::{
    Claim, ClaimToken, Event, Inbox, MemoryInbox, Offer, Offers, Shop,
    fake::{FakeEvent, FakeKelviq},
    routes, webhook,
};
use kelviq_core::{ChargePeriod, VerifiedEvent, WebhookSecret};
use tracing::{Level, subscriber::DefaultGuard};
use tracing_subscriber::fmt::format::FmtSpan;

use crate::support::{
    form,
    log_text::LogText,
    send,
    webhook::{PATH, signed},
};

/// Keeps the log of the current thread, as an application prints it.
fn start() -> (LogText, DefaultGuard) {
    LogText::start(Level::INFO, FmtSpan::NONE)
}

/// Returns the line that contains `text`.
fn line_with(log: &LogText, text: &str) -> String {
    let output = log.text();
    let mut lines = output.lines().filter(|line| line.contains(text));
    let line = lines.next().unwrap_or_else(|| panic!("{text} in {output}"));
    assert_eq!(lines.next(), None, "{output}");
    line.to_owned()
}

/// Sells a plan and pays it. Returns the payment with the session's id and the reference.
async fn paid(kelviq: &FakeKelviq) -> (FakeEvent, [String; 2]) {
    let offers = Offers::builder(Shop::new(kelviq.client(), "https://app.example.com").unwrap())
        .offer("pro", Offer::plan("pro", ChargePeriod::Monthly))
        .build()
        .unwrap();
    let app = Router::new().nest("/checkout", routes(offers));
    let sold = send(&app, form("/checkout/pro", "")).await;
    assert_eq!(sold.status, StatusCode::SEE_OTHER);
    let checkout = kelviq.checkouts().pop().unwrap();
    let success_url = checkout.fields["successUrl"].as_str().unwrap();
    let (_, reference) = success_url.rsplit_once("reference=").unwrap();
    let ids = [checkout.id.clone(), reference.to_owned()];
    (kelviq.pay(&checkout.id), ids)
}

fn app(kelviq: &FakeKelviq, status: StatusCode) -> Router {
    async fn on_event(State(status): State<StatusCode>, _: Event) -> StatusCode {
        status
    }
    let route = webhook(kelviq.webhook_secret(), MemoryInbox::default(), on_event);
    Router::new().route(PATH, route).with_state(status)
}

#[tokio::test]
async fn the_lines_about_an_event_have_its_id_the_session_and_the_reference() {
    let kelviq = FakeKelviq::start().await;
    for (status, text) in [
        (StatusCode::OK, "webhook handled"),
        (StatusCode::BAD_GATEWAY, "webhook handler failed"),
    ] {
        let (payment, ids) = paid(&kelviq).await;
        let (log, _guard) = start();
        payment.deliver_to(&app(&kelviq, status), PATH).await;
        let line = line_with(&log, text);
        for id in ids.iter().map(String::as_str).chain([payment.event_id()]) {
            assert!(line.contains(id), "{id} in {line}");
        }
    }
}

#[tokio::test]
async fn the_line_about_a_rejected_delivery_has_the_id_that_it_claims() {
    let kelviq = FakeKelviq::start().await;
    let (log, _guard) = start();
    let secret = WebhookSecret::new("kq_whsec_other").unwrap();
    let forged = signed(&secret, "evt_forged", "{}");
    let response = send(&app(&kelviq, StatusCode::OK), forged).await;
    assert_eq!(response.status, StatusCode::UNAUTHORIZED);
    let line = line_with(&log, "webhook delivery rejected");
    assert!(line.contains("evt_forged"), "{line}");
}

/// An inbox whose queries fail.
#[derive(Clone)]
struct FullDisk;

#[derive(Debug)]
struct QueryFailed(io::Error);

impl fmt::Display for QueryFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the query failed")
    }
}

impl Error for QueryFailed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

fn query<T>() -> Result<T, QueryFailed> {
    Err(QueryFailed(io::Error::other("the disk is full")))
}

impl Inbox for FullDisk {
    type Error = QueryFailed;

    async fn claim(&self, _: &VerifiedEvent) -> Result<Claim, QueryFailed> {
        query()
    }

    async fn renew(&self, _: &ClaimToken) -> Result<bool, QueryFailed> {
        query()
    }

    async fn complete(&self, _: &ClaimToken) -> Result<bool, QueryFailed> {
        query()
    }

    async fn release(&self, _: &ClaimToken) -> Result<(), QueryFailed> {
        query()
    }
}

#[tokio::test]
async fn the_line_about_an_inbox_that_fails_has_the_causes_of_its_error() {
    let secret = WebhookSecret::new("kq_whsec_test").unwrap();
    let delivery = signed(
        &secret,
        "evt_1",
        r#"{"id":"evt_1","type":"order.created","data":{"object":{}}}"#,
    );
    let route = webhook(secret, FullDisk, async |_: Event| {});
    let (log, _guard) = start();
    let response = send(&Router::new().route(PATH, route), delivery).await;
    assert_eq!(response.status, StatusCode::INTERNAL_SERVER_ERROR);
    let line = line_with(&log, "the inbox could not claim the event");
    for text in ["evt_1", "the query failed", "the disk is full"] {
        assert!(line.contains(text), "{text} in {line}");
    }
}
