//! Slow bodies, handlers and inboxes, with tokio's clock paused.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::channel::Channel;
use kelviq_axum::{
    Claim, ClaimToken, Event, Inbox, MemoryInbox, Offer, Offers, Shop, routes, webhook,
};
use kelviq_core::{
    ChargePeriod, Kelviq, VerifiedEvent, WebhookHeaders, WebhookSecret, WebhookVerifier,
};
use tokio::time::{Instant, sleep};

use crate::support::{
    form, send,
    webhook::{PATH, signed},
};

const SECRET: &str = "kq_whsec_test";
const BODY: &str = r#"{"id":"evt_1","type":"customer.created","data":{"object":{}}}"#;

fn secret() -> WebhookSecret {
    WebhookSecret::new(SECRET).unwrap()
}

fn delivery() -> Request<Body> {
    signed(&secret(), "evt_1", BODY)
}

fn webhook_taking(time: Duration) -> Router {
    let on_event = async move |_: Event| sleep(time).await;
    Router::new().route(PATH, webhook(secret(), MemoryInbox::default(), on_event))
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_arrive_is_not_waited_for() {
    let kelviq = Kelviq::builder("server-test")
        .base_url("http://127.0.0.1:1")
        .build()
        .unwrap();
    let offers = Offers::builder(Shop::on_loopback(kelviq))
        .offer("pro", Offer::plan("pro", ChargePeriod::Monthly))
        .build()
        .unwrap();
    let shop = Router::new().nest("/checkout", routes(offers));
    for (app, request, status) in [
        (
            webhook_taking(Duration::ZERO),
            delivery(),
            StatusCode::REQUEST_TIMEOUT,
        ),
        (shop, form("/checkout/pro", ""), StatusCode::BAD_REQUEST),
    ] {
        let (sender, silent) = Channel::<axum::body::Bytes>::new(1);
        let started = Instant::now();
        let response = send(&app, request.map(|_| Body::new(silent))).await;
        assert_eq!(response.status, status);
        assert_eq!(started.elapsed().as_secs(), 10);
        drop(sender);
    }
}

#[tokio::test(start_paused = true)]
async fn a_claim_is_renewed_while_the_handler_runs() {
    let app = webhook_taking(Duration::from_secs(120));
    let first = {
        let app = app.clone();
        tokio::spawn(async move { send(&app, delivery()).await.status })
    };
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(110) {
        sleep(Duration::from_secs(10)).await;
        let again = send(&app, delivery()).await;
        assert_eq!(
            again.status,
            StatusCode::CONFLICT,
            "{:?}",
            started.elapsed()
        );
    }
    assert_eq!(first.await.unwrap(), StatusCode::OK);
    assert_eq!(send(&app, delivery()).await.status, StatusCode::OK);
    assert!(started.elapsed() < Duration::from_secs(125));
}

/// An inbox that records its calls. One operation can be faulty.
#[derive(Clone, Default)]
struct FaultyInbox {
    inbox: MemoryInbox,
    fault: Option<&'static str>,
    calls: Arc<Mutex<Vec<&'static str>>>,
}

impl FaultyInbox {
    fn with_fault(fault: &'static str) -> Self {
        Self {
            fault: Some(fault),
            ..Self::default()
        }
    }

    /// Records a call of `operation`, and fails, hangs or panics if the fault says so. Operations on the claim of a
    /// checkout have names of their own.
    async fn call(&self, operation: &'static str, id: &str) -> Result<(), std::io::Error> {
        let operation = match (operation, id.starts_with("checkout:")) {
            ("claim", true) => "checkout claim",
            ("renew", true) => "checkout renew",
            ("complete", true) => "checkout complete",
            ("release", true) => "checkout release",
            _ => operation,
        };
        self.calls.lock().unwrap().push(operation);
        let is_first = {
            let calls = self.calls.lock().unwrap();
            calls.iter().filter(|call| **call == operation).count() == 1
        };
        match self.fault.and_then(|fault| fault.strip_prefix(operation)) {
            Some(" fails once") if !is_first => Ok(()),
            Some(" fails" | " fails once") => Err(std::io::Error::other("no database")),
            Some(" hangs") => std::future::pending().await,
            Some(" panics") => panic!("a bug in the inbox"),
            _ => Ok(()),
        }
    }
}

impl Inbox for FaultyInbox {
    type Error = std::io::Error;

    async fn claim(&self, event: &VerifiedEvent) -> Result<Claim, Self::Error> {
        self.call("claim", event.id()).await?;
        Ok(self.inbox.claim(event).await.unwrap())
    }

    async fn renew(&self, token: &ClaimToken) -> Result<bool, Self::Error> {
        self.call("renew", &token.event_id).await?;
        Ok(self.inbox.renew(token).await.unwrap())
    }

    async fn complete(&self, token: &ClaimToken) -> Result<bool, Self::Error> {
        self.call("complete", &token.event_id).await?;
        Ok(self.inbox.complete(token).await.unwrap())
    }

    async fn release(&self, token: &ClaimToken) -> Result<(), Self::Error> {
        self.call("release", &token.event_id).await?;
        self.inbox.release(token).await.unwrap();
        Ok(())
    }
}

fn webhook_with(inbox: FaultyInbox, time: Duration, status: StatusCode) -> Router {
    let on_event = async move |_: Event| {
        sleep(time).await;
        status
    };
    Router::new().route(PATH, webhook(secret(), inbox, on_event))
}

#[tokio::test(start_paused = true)]
async fn an_inbox_that_does_not_work_never_costs_an_event() {
    let (works, fails) = (StatusCode::OK, StatusCode::BAD_REQUEST);
    for (fault, handler, status) in [
        // Without a claim the handler does not run, and Kelviq retries.
        ("claim fails", works, StatusCode::INTERNAL_SERVER_ERROR),
        ("claim hangs", works, StatusCode::INTERNAL_SERVER_ERROR),
        ("claim panics", works, StatusCode::INTERNAL_SERVER_ERROR),
        // The handler succeeded, so Kelviq must not retry.
        ("renew fails", works, StatusCode::OK),
        ("renew hangs", works, StatusCode::OK),
        ("renew panics", works, StatusCode::OK),
        ("complete fails", works, StatusCode::OK),
        ("complete hangs", works, StatusCode::OK),
        ("complete panics", works, StatusCode::OK),
        // The handler failed, so Kelviq retries. The claim expires.
        ("release fails", fails, StatusCode::INTERNAL_SERVER_ERROR),
        ("release hangs", fails, StatusCode::INTERNAL_SERVER_ERROR),
        ("release panics", fails, StatusCode::INTERNAL_SERVER_ERROR),
    ] {
        let inbox = FaultyInbox::with_fault(fault);
        let app = webhook_with(inbox.clone(), Duration::from_secs(40), handler);
        let started = Instant::now();
        assert_eq!(send(&app, delivery()).await.status, status, "{fault}");
        assert!(started.elapsed() < Duration::from_secs(75), "{fault}");
        let (operation, _) = fault.split_once(' ').unwrap();
        assert!(inbox.calls.lock().unwrap().contains(&operation), "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_fails_is_repeated_before_the_claim_expires() {
    let inbox = FaultyInbox::with_fault("renew fails once");
    let app = webhook_with(inbox.clone(), Duration::from_secs(60), StatusCode::OK);
    let first = {
        let app = app.clone();
        tokio::spawn(async move { send(&app, delivery()).await.status })
    };
    sleep(Duration::from_secs(50)).await;
    let again = send(&app, delivery()).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(first.await.unwrap(), StatusCode::OK);
}

/// The delivery of an event that announces the checkout `cs_1`.
fn announcement(event_id: &str) -> Request<Body> {
    let body = format!(
        r#"{{"id":"{event_id}","type":"checkout.completed","data":{{"object":{{"id":"cs_1"}}}}}}"#
    );
    signed(&secret(), event_id, &body)
}

#[tokio::test(start_paused = true)]
async fn an_inbox_that_fails_between_the_two_claims_of_a_checkout_neither_loses_nor_doubles_it() {
    let (ok, error) = (StatusCode::OK, StatusCode::INTERNAL_SERVER_ERROR);
    for (operation, handler, status) in [
        ("checkout claim", ok, error),
        ("checkout renew", ok, ok),
        ("complete", ok, ok),
        ("checkout release", error, error),
        ("release", error, error),
    ] {
        for fault in ["fails", "hangs", "panics"] {
            let fault: &str = format!("{operation} {fault}").leak();
            let faulty = FaultyInbox::with_fault(fault);
            let app = webhook_with(faulty.clone(), Duration::from_secs(40), handler);
            assert_eq!(
                send(&app, announcement("evt_1")).await.status,
                status,
                "{fault}"
            );
            assert!(faulty.calls.lock().unwrap().contains(&operation), "{fault}");

            // The claims that were left behind expire before Kelviq's next retry.
            sleep(Duration::from_secs(60)).await;
            let runs = Arc::new(Mutex::new(0));
            let counter = Arc::clone(&runs);
            let on_event = async move |_: Event| *counter.lock().unwrap() += 1;
            let app = Router::new().route(PATH, webhook(secret(), faulty.inbox, on_event));
            for event_id in ["evt_1", "evt_2", "evt_1"] {
                assert_eq!(
                    send(&app, announcement(event_id)).await.status,
                    ok,
                    "{fault}"
                );
            }
            let was_handled = status == ok;
            assert_eq!(*runs.lock().unwrap(), i32::from(!was_handled), "{fault}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn both_claims_of_a_checkout_are_renewed_and_then_completed_with_the_checkouts_first() {
    for (handler, last) in [
        (StatusCode::OK, ["checkout complete", "complete"]),
        (StatusCode::BAD_REQUEST, ["checkout release", "release"]),
    ] {
        let inbox = FaultyInbox::default();
        let app = webhook_with(inbox.clone(), Duration::from_secs(20), handler);
        send(&app, announcement("evt_1")).await;
        let calls = inbox.calls.lock().unwrap().clone();
        assert_eq!(calls[..2], ["claim", "checkout claim"]);
        let mut renewed = calls[2..4].to_vec();
        renewed.sort_unstable();
        assert_eq!(renewed, ["checkout renew", "renew"]);
        assert_eq!(calls[4..], last);
    }
}

#[tokio::test(start_paused = true)]
async fn a_checkout_that_another_event_announced_is_held_for_as_long_as_its_handler_runs() {
    let app = webhook_taking(Duration::from_secs(120));
    let first = {
        let app = app.clone();
        tokio::spawn(async move { send(&app, announcement("evt_1")).await.status })
    };
    for _ in 0..11 {
        sleep(Duration::from_secs(10)).await;
        let other = send(&app, announcement("evt_2")).await;
        assert_eq!(other.status, StatusCode::CONFLICT);
        assert!(!other.header("retry-after").is_empty());
    }
    assert_eq!(first.await.unwrap(), StatusCode::OK);
    assert_eq!(
        send(&app, announcement("evt_2")).await.status,
        StatusCode::OK
    );
}

/// Records that it was dropped.
struct Guard(Arc<Mutex<Vec<&'static str>>>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.lock().unwrap().push("handler dropped");
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_never_ends_is_stopped_and_the_event_comes_again() {
    let inbox = FaultyInbox::default();
    let calls = Arc::clone(&inbox.calls);
    let on_event = async move |_: Event| {
        let _guard = Guard(calls);
        std::future::pending::<()>().await;
    };
    let app = Router::new().route(PATH, webhook(secret(), inbox.clone(), on_event));
    let started = Instant::now();
    for _ in 0..2 {
        let status = send(&app, delivery()).await.status;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    }
    assert_eq!(started.elapsed().as_secs(), 2 * 3 * 45);
    let mut calls = inbox.calls.lock().unwrap().clone();
    calls.retain(|call| *call != "renew");
    let once = ["claim", "handler dropped", "release"];
    assert_eq!(calls, [once, once].concat());
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_is_not_renewed_expires() {
    let inbox = MemoryInbox::default();
    let request = delivery();
    let headers = WebhookHeaders::from_pairs(request.headers());
    let verifier = WebhookVerifier::new(secret());
    let event = verifier.verify(headers, BODY.as_bytes()).unwrap();

    let Claim::Acquired(first) = inbox.claim(&event).await.unwrap() else {
        panic!("the event is unclaimed")
    };
    sleep(Duration::from_secs(44)).await;
    assert!(matches!(
        inbox.claim(&event).await.unwrap(),
        Claim::InProgress { .. }
    ));
    assert!(inbox.renew(&first).await.unwrap());
    sleep(Duration::from_secs(46)).await;
    let Claim::Acquired(second) = inbox.claim(&event).await.unwrap() else {
        panic!("the claim has expired")
    };
    // The token of the expired claim cannot end the new claim.
    assert!(!inbox.complete(&first).await.unwrap());
    inbox.release(&first).await.unwrap();
    assert!(matches!(
        inbox.claim(&event).await.unwrap(),
        Claim::InProgress { .. }
    ));
    assert!(inbox.complete(&second).await.unwrap());
    assert_eq!(inbox.claim(&event).await.unwrap(), Claim::Handled);
}
