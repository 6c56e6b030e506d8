//! Calls that fail or hang while an event is handled.

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use futures_util::future::join_all;

use super::{
    case::Case,
    events::{checkout, checkout_body},
    faulty::{Fault, Faulty},
    harness::Harness,
    inbox_cases::lease,
    route::{Calls, deliver, secret},
    store_cases::expect_none_due,
};
use crate::{
    store::store_trait::Store,
    webhook::{event::Event, inbox::Inbox, route::webhook, webhooks::Webhooks},
};

/// More than the number of calls while one event is handled.
const MAX_CALLS: u32 = 8;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A delivery during which the inbox has a fault.
struct Delivery<I> {
    id: String,
    inbox: Faulty<I>,
    status: StatusCode,
}

/// The deliveries: each fault at each call, with a handler that succeeds, and one that fails at first.
fn deliveries<I: Inbox>(inbox: &I) -> Vec<Delivery<I>> {
    let mut deliveries = Vec::new();
    for first in 1..=MAX_CALLS {
        for (fault, last) in [
            (Fault::Fails, first),
            (Fault::Fails, u32::MAX),
            (Fault::FailsAfterwards, first),
            (Fault::Hangs, u32::MAX),
        ] {
            for handler in ["succeeds", "fails"] {
                let number = deliveries.len();
                deliveries.push(Delivery {
                    id: format!("evt_{number}_{fault:?}_{first}_{handler}"),
                    inbox: Faulty {
                        inner: inbox.clone(),
                        fault,
                        first,
                        last,
                        calls: Arc::default(),
                    },
                    status: StatusCode::CONTINUE,
                });
            }
        }
    }
    deliveries
}

/// Handles an event. Fails at the first attempt if the event's id says so.
fn handle(calls: &Calls, event: &Event) -> StatusCode {
    if event.id.ends_with("_fails") && calls.add_failure(&event.id) == 1 {
        return StatusCode::BAD_GATEWAY;
    }
    calls.add_success(&event.id);
    StatusCode::OK
}

/// Checks the response to a delivery: a success only if the handler succeeded.
fn check_status<I>(case: Case, calls: &Calls, delivery: &Delivery<I>) {
    let (id, status) = (&delivery.id, delivery.status);
    case.expect(
        status == StatusCode::OK || status.is_server_error(),
        &format!("the response to {id} to be 200 or 5xx, but it is {status}"),
    );
    case.expect(
        status != StatusCode::OK || calls.succeeded(id) > 0,
        &format!("the response to {id} to be 200 only after the handler succeeded"),
    );
}

pub(super) async fn inbox<H: Harness>(harness: &H) {
    let case = Case("an inbox that fails or hangs at each call");
    let (inbox, calls) = (harness.create().await, Calls::default());
    let on_event = {
        let calls = calls.clone();
        async move |event: Event| handle(&calls, &event)
    };
    let first = deliveries(&inbox).into_iter().map(async |mut delivery| {
        let route = webhook(secret(), delivery.inbox.clone(), on_event.clone());
        delivery.status = deliver(route, &delivery.id, checkout_body(&delivery.id)).await;
        delivery
    });
    let deliveries = join_all(first).await;
    for delivery in &deliveries {
        check_status(case, &calls, delivery);
    }
    harness.advance(&inbox, lease::<H::Inbox>()).await;
    for Delivery { id, .. } in &deliveries {
        let route = || webhook(secret(), inbox.clone(), on_event.clone());
        let mut status = deliver(route(), id, checkout_body(id)).await;
        if status == StatusCode::INTERNAL_SERVER_ERROR && calls.succeeded(id) == 0 {
            // The handler failed for the first time.
            status = deliver(route(), id, checkout_body(id)).await;
        }
        case.equal(
            status,
            StatusCode::OK,
            &format!("the response to the next delivery of {id}"),
        );
        case.expect(calls.succeeded(id) > 0, &format!("{id} not to be lost"));
        case.expect_handled(&inbox, &checkout(id), "after the next delivery")
            .await;
    }
}

pub(super) async fn store<H: Harness<Inbox: Store>>(harness: &H) {
    let case = Case("a store that fails or hangs at each call");
    let (store, calls) = (harness.create().await, Calls::default());
    let on_event = {
        let calls = calls.clone();
        async move |event: Event| handle(&calls, &event)
    };
    let first = deliveries(&store).into_iter().map(async |mut delivery| {
        let webhooks = Webhooks::new(secret(), delivery.inbox.clone(), (), on_event.clone());
        let body = checkout_body(&delivery.id);
        delivery.status = deliver(webhooks.route(), &delivery.id, body).await;
        delivery
    });
    let deliveries = join_all(first).await;
    let webhooks = Webhooks::new(secret(), store.clone(), (), on_event.clone());
    for delivery in &deliveries {
        check_status(case, &calls, delivery);
    }
    // The store works again. The second round is for handlers that fail at their first call.
    for _ in 0..2 {
        harness.advance(&store, DAY).await;
        let handled = webhooks.handle_due().await;
        case.expect(
            handled.is_ok(),
            &format!("due events to be handled: {handled:?}"),
        );
    }
    expect_none_due(case, &store, "after all due events were handled").await;
    for Delivery { id, status, .. } in &deliveries {
        // Kelviq delivers an event again unless the response was a success.
        if *status != StatusCode::OK {
            let mut status = deliver(webhooks.route(), id, checkout_body(id)).await;
            if status == StatusCode::INTERNAL_SERVER_ERROR && calls.succeeded(id) == 0 {
                status = deliver(webhooks.route(), id, checkout_body(id)).await;
            }
            case.equal(
                status,
                StatusCode::OK,
                &format!("the response to the next delivery of {id}"),
            );
        }
        case.expect(calls.succeeded(id) > 0, &format!("{id} not to be lost"));
        case.expect_handled(&store, &checkout(id), "in the end")
            .await;
    }
}
