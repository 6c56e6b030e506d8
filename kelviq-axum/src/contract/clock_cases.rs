//! Clocks that jump.

use std::time::Duration;

use super::{
    case::Case,
    events::event,
    harness::Harness,
    inbox_cases::{lease, race},
    store_cases::{keep, take_all},
};
use crate::{store::store_trait::Store, webhook::inbox::Inbox};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) async fn run<H: Harness>(harness: &H) {
    let case = Case("a clock that jumps");
    let inbox = harness.create().await;
    let (open, done) = (event("evt_open"), event("evt_done"));
    case.acquire(&inbox, &open, "of a new event").await;
    let claim = case.acquire(&inbox, &done, "of a new event").await;
    case.complete(&inbox, &claim).await;
    harness.advance(&inbox, DAY * 3).await;
    let claim = race(case, &inbox, &open).await;
    case.expect_handled(&inbox, &done, "after the clock jumped")
        .await;
    if harness.set_back(&inbox, DAY).await {
        case.expect_handled(&inbox, &done, "after the clock was set back")
            .await;
        let is_renewed = case.ok(inbox.renew(&claim).await, "renew");
        case.expect(
            is_renewed,
            "a claim to be renewed after the clock was set back",
        );
        harness.advance(&inbox, DAY).await;
    }
    harness.advance(&inbox, lease::<H::Inbox>()).await;
    let claim = race(case, &inbox, &open).await;
    case.complete(&inbox, &claim).await;
    case.expect_handled(&inbox, &open, "after its completion")
        .await;
}

pub(super) async fn run_store<H: Harness<Inbox: Store>>(harness: &H) {
    let case = Case("due events and a clock that jumps");
    let store = harness.create().await;
    for id in ["evt_1", "evt_2", "evt_3"] {
        keep(case, &store, &event(id), DAY).await;
    }
    harness.advance(&store, DAY * 3).await;
    let due = take_all(case, &store).await;
    case.equal(
        due.len(),
        3,
        "the number of due events after the clock jumped",
    );
    if harness.set_back(&store, DAY).await {
        // They need not be due yet, but must not be lost.
        case.equal(
            take_all(case, &store).await.len(),
            0,
            "the number of due events while they are claimed",
        );
        harness.advance(&store, DAY).await;
    }
    harness.advance(&store, lease::<H::Inbox>()).await;
    let due = take_all(case, &store).await;
    case.equal(
        due.len(),
        3,
        "the number of due events when the leases have expired",
    );
    for due in due {
        case.complete(&store, &due.claim).await;
    }
}
