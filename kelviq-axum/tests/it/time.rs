//! What takes long: bodies that do not arrive, and handlers that work for minutes. The clock is tokio's, and paused.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use crate::support::{form, send};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::channel::Channel;
use kelviq_axum::{
    Claim, ClaimToken, Event, Inbox, MemoryInbox, Offer, Offers, Shop,
    kelviq_core::{
        ChargePeriod, Kelviq, VerifiedEvent, WebhookHeaders, WebhookSecret, WebhookVerifier,
    },
    routes, webhook,
};
use tokio::time::{Instant, sleep};

const SECRET: &str = "kq_whsec_test";

fn signed() -> Request<Body> {
    let body = r#"{"id":"evt_1","type":"customer.created","data":{"object":{}}}"#;
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    let timestamp = now.as_secs().to_string();
    let secret = WebhookSecret::new(SECRET).unwrap();
    Request::post("/webhook")
        .header("webhook-id", "evt_1")
        .header(
            "webhook-signature",
            secret.sign("evt_1", &timestamp, body.as_bytes()),
        )
        .header("webhook-timestamp", timestamp)
        .body(Body::from(body))
        .unwrap()
}

fn webhook_taking(time: Duration) -> Router {
    let on_event = async move |_: Event| sleep(time).await;
    let secret = WebhookSecret::new(SECRET).unwrap();
    Router::new().route(
        "/webhook",
        webhook(secret, MemoryInbox::default(), on_event),
    )
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
            signed(),
            StatusCode::REQUEST_TIMEOUT,
        ),
        (shop, form("/checkout/pro", ""), StatusCode::BAD_REQUEST),
    ] {
        let (sender, silent) = Channel::<axum::body::Bytes>::new(1);
        let started = Instant::now();
        let answer = send(&app, request.map(|_| Body::new(silent))).await;
        assert_eq!(answer.status, status);
        assert_eq!(started.elapsed().as_secs(), 10);
        drop(sender);
    }
}

#[tokio::test(start_paused = true)]
async fn a_claim_is_held_for_as_long_as_the_handler_works() {
    let app = webhook_taking(Duration::from_secs(120));
    let first = {
        let app = app.clone();
        tokio::spawn(async move { send(&app, signed()).await.status })
    };
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(110) {
        sleep(Duration::from_secs(10)).await;
        let again = send(&app, signed()).await;
        assert_eq!(
            again.status,
            StatusCode::CONFLICT,
            "{:?}",
            started.elapsed()
        );
    }
    assert_eq!(first.await.unwrap(), StatusCode::OK);
    assert_eq!(send(&app, signed()).await.status, StatusCode::OK);
    assert!(started.elapsed() < Duration::from_secs(125));
}

/// An inbox of which some parts do not work, and what was asked of it.
#[derive(Clone, Default)]
struct Broken {
    inbox: MemoryInbox,
    fault: Option<&'static str>,
    asked: Arc<Mutex<Vec<&'static str>>>,
}

impl Broken {
    fn at(fault: &'static str) -> Self {
        Self {
            fault: Some(fault),
            ..Self::default()
        }
    }

    /// Fails, hangs or panics where it is said to.
    async fn ask(&self, part: &'static str) -> Result<(), std::io::Error> {
        self.asked.lock().unwrap().push(part);
        match self.fault.and_then(|fault| fault.strip_prefix(part)) {
            Some(" fails") => Err(std::io::Error::other("no database")),
            Some(" hangs") => std::future::pending().await,
            Some(" panics") => panic!("a bug in the inbox"),
            _ => Ok(()),
        }
    }
}

impl Inbox for Broken {
    type Error = std::io::Error;

    async fn claim(&self, event: &VerifiedEvent) -> Result<Claim, Self::Error> {
        self.ask("claim").await?;
        Ok(self.inbox.claim(event).await.unwrap())
    }

    async fn renew(&self, token: &ClaimToken) -> Result<bool, Self::Error> {
        self.ask("renew").await?;
        Ok(self.inbox.renew(token).await.unwrap())
    }

    async fn complete(&self, token: &ClaimToken) -> Result<bool, Self::Error> {
        self.ask("complete").await?;
        Ok(self.inbox.complete(token).await.unwrap())
    }

    async fn release(&self, token: &ClaimToken) -> Result<(), Self::Error> {
        self.ask("release").await?;
        self.inbox.release(token).await.unwrap();
        Ok(())
    }
}

fn webhook_with(inbox: Broken, time: Duration, status: StatusCode) -> Router {
    let on_event = async move |_: Event| {
        sleep(time).await;
        status
    };
    let secret = WebhookSecret::new(SECRET).unwrap();
    Router::new().route("/webhook", webhook(secret, inbox, on_event))
}

#[tokio::test(start_paused = true)]
async fn an_inbox_that_does_not_work_never_costs_an_event() {
    let (works, fails) = (StatusCode::OK, StatusCode::BAD_REQUEST);
    for (broken, handler, status) in [
        // Without a claim nothing is handled, and the event comes again.
        ("claim fails", works, StatusCode::INTERNAL_SERVER_ERROR),
        ("claim hangs", works, StatusCode::INTERNAL_SERVER_ERROR),
        ("claim panics", works, StatusCode::INTERNAL_SERVER_ERROR),
        // What was handled was handled.
        ("renew fails", works, StatusCode::OK),
        ("renew hangs", works, StatusCode::OK),
        ("renew panics", works, StatusCode::OK),
        ("complete fails", works, StatusCode::OK),
        ("complete hangs", works, StatusCode::OK),
        ("complete panics", works, StatusCode::OK),
        // What failed comes again, if only after the lease.
        ("release fails", fails, StatusCode::INTERNAL_SERVER_ERROR),
        ("release hangs", fails, StatusCode::INTERNAL_SERVER_ERROR),
        ("release panics", fails, StatusCode::INTERNAL_SERVER_ERROR),
    ] {
        let inbox = Broken::at(broken);
        let app = webhook_with(inbox.clone(), Duration::from_secs(40), handler);
        let started = Instant::now();
        assert_eq!(send(&app, signed()).await.status, status, "{broken}");
        assert!(started.elapsed() < Duration::from_secs(75), "{broken}");
        let (part, _) = broken.split_once(' ').unwrap();
        assert!(inbox.asked.lock().unwrap().contains(&part), "{broken}");
    }
}

/// Says when it is dropped.
struct Guard(Arc<Mutex<Vec<&'static str>>>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.lock().unwrap().push("handler stopped");
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_never_ends_is_stopped_and_the_event_comes_again() {
    let inbox = Broken::default();
    let asked = Arc::clone(&inbox.asked);
    let on_event = async move |_: Event| {
        let _guard = Guard(asked);
        std::future::pending::<()>().await;
    };
    let secret = WebhookSecret::new(SECRET).unwrap();
    let app = Router::new().route("/webhook", webhook(secret, inbox.clone(), on_event));
    let started = Instant::now();
    for _ in 0..2 {
        let status = send(&app, signed()).await.status;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    }
    assert_eq!(started.elapsed().as_secs(), 2 * 3 * 45);
    let asked = inbox.asked.lock().unwrap().clone();
    let told: Vec<_> = asked.into_iter().filter(|part| *part != "renew").collect();
    let once = ["claim", "handler stopped", "release"];
    assert_eq!(told, [once, once].concat());
}

#[tokio::test(start_paused = true)]
async fn a_claim_whose_holder_died_runs_out() {
    let inbox = MemoryInbox::default();
    let event = WebhookVerifier::new(WebhookSecret::new(SECRET).unwrap());
    let request = signed();
    let headers = WebhookHeaders::from_lookup(|name| Some(request.headers()[name].as_bytes()));
    let body = r#"{"id":"evt_1","type":"customer.created","data":{"object":{}}}"#;
    let event = event.verify(headers, body.as_bytes()).unwrap();

    let Claim::Acquired(first) = inbox.claim(&event).await.unwrap() else {
        panic!("free")
    };
    sleep(Duration::from_secs(44)).await;
    assert!(matches!(
        inbox.claim(&event).await.unwrap(),
        Claim::InProgress { .. }
    ));
    assert!(inbox.renew(&first).await.unwrap());
    sleep(Duration::from_secs(46)).await;
    let Claim::Acquired(second) = inbox.claim(&event).await.unwrap() else {
        panic!("run out")
    };
    // The first holder was only slow. It cannot end its successor's claim.
    assert!(!inbox.complete(&first).await.unwrap());
    inbox.release(&first).await.unwrap();
    assert!(matches!(
        inbox.claim(&event).await.unwrap(),
        Claim::InProgress { .. }
    ));
    assert!(inbox.complete(&second).await.unwrap());
    assert_eq!(inbox.claim(&event).await.unwrap(), Claim::Handled);
}
