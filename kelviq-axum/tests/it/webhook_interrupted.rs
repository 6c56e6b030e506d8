//! Clients that disconnect, runtimes that shut down, and handlers that block their thread.

use std::{
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use kelviq_axum::{Claim, ClaimToken, Event, Inbox, MemoryInbox, webhook};
use kelviq_core::{VerifiedEvent, WebhookSecret};
use tokio::{runtime, sync::Semaphore};

use crate::support::{
    send,
    webhook::{PATH, signed},
};

fn secret() -> WebhookSecret {
    WebhookSecret::new("kq_whsec_test").unwrap()
}

fn delivery() -> Request<Body> {
    let body = r#"{"id":"evt_1","type":"checkout.completed","data":{"object":{"id":"cs_1"}}}"#;
    signed(&secret(), "evt_1", body)
}

/// An inbox with a short lease, whose claims wait for a permit.
#[derive(Clone)]
struct SlowInbox {
    inbox: MemoryInbox,
    claims_begun: Arc<Semaphore>,
    permits: Arc<Semaphore>,
    renewals: Arc<AtomicUsize>,
}

impl SlowInbox {
    fn with_permits(permits: usize) -> Self {
        Self {
            inbox: MemoryInbox::default(),
            claims_begun: Arc::new(Semaphore::new(0)),
            permits: Arc::new(Semaphore::new(permits)),
            renewals: Arc::default(),
        }
    }
}

impl Inbox for SlowInbox {
    type Error = Infallible;

    const LEASE: Duration = Duration::from_millis(300);

    async fn claim(&self, event: &VerifiedEvent) -> Result<Claim, Infallible> {
        self.claims_begun.add_permits(1);
        self.permits.acquire().await.unwrap().forget();
        self.inbox.claim(event).await
    }

    async fn renew(&self, token: &ClaimToken) -> Result<bool, Infallible> {
        self.renewals.fetch_add(1, Ordering::SeqCst);
        self.inbox.renew(token).await
    }

    async fn complete(&self, token: &ClaimToken) -> Result<bool, Infallible> {
        self.inbox.complete(token).await
    }

    async fn release(&self, token: &ClaimToken) -> Result<(), Infallible> {
        self.inbox.release(token).await
    }
}

/// A router with a handler that adds a permit to `handled`.
fn app(inbox: SlowInbox, handled: &Arc<Semaphore>) -> Router {
    let handled = Arc::clone(handled);
    let on_event = async move |_: Event| handled.add_permits(1);
    Router::new().route(PATH, webhook(secret(), inbox, on_event))
}

#[tokio::test(start_paused = true)]
async fn a_client_that_disconnects_during_a_claim_does_not_interrupt_the_handling() {
    let inbox = SlowInbox::with_permits(0);
    let handled = Arc::new(Semaphore::new(0));
    let app = app(inbox.clone(), &handled);
    for claims in 1..=2 {
        let request = tokio::spawn({
            let app = app.clone();
            async move { send(&app, delivery()).await }
        });
        inbox.claims_begun.acquire().await.unwrap().forget();
        request.abort();
        assert!(request.await.unwrap_err().is_cancelled());
        if claims == 1 {
            // Too late for the first delivery, whose claim is dropped after a third of the lease.
            tokio::time::sleep(SlowInbox::LEASE).await;
        }
    }
    inbox.permits.add_permits(2);
    handled.acquire().await.unwrap().forget();
    inbox.permits.add_permits(2);
    tokio::task::yield_now().await;
    assert_eq!(send(&app, delivery()).await.status, StatusCode::OK);
    assert_eq!(handled.available_permits(), 0);
}

#[test]
fn a_delivery_can_be_dropped_while_its_runtime_shuts_down_and_afterwards() {
    let handled = Arc::new(Semaphore::new(0));
    for is_task in [true, false] {
        let inbox = SlowInbox::with_permits(0);
        let app = app(inbox.clone(), &handled);
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let mut delivery = Box::pin(async move { send(&app, delivery()).await });
        let claim_begins = async {
            tokio::select! {
                _ = &mut delivery => unreachable!("the claim waits for a permit"),
                begun = inbox.claims_begun.acquire() => begun.unwrap().forget(),
            }
        };
        runtime.block_on(claim_begins);
        if is_task {
            runtime.spawn(delivery);
            drop(runtime);
        } else {
            drop(runtime);
            drop(delivery);
        }
    }
    assert_eq!(handled.available_permits(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_that_blocks_its_thread_keeps_its_claims_and_is_given_up_after_three_leases() {
    let inbox = SlowInbox::with_permits(3);
    let (unblock, blocked) = mpsc::channel::<()>();
    let blocked = Arc::new(Mutex::new(blocked));
    let on_event = async move |_: Event| {
        let _ = blocked.lock().unwrap().recv();
    };
    let app = Router::new().route(PATH, webhook(secret(), inbox.clone(), on_event));
    let status = tokio::spawn(async move {
        let first = send(&app, delivery()).await.status;
        (first, send(&app, delivery()).await.status)
    });
    assert_eq!(
        status.await.unwrap(),
        (StatusCode::INTERNAL_SERVER_ERROR, StatusCode::CONFLICT)
    );
    // Of the event and of its checkout.
    assert!(inbox.renewals.load(Ordering::SeqCst) >= 4);
    unblock.send(()).unwrap();
}
