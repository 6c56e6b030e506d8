//! Claims of any inbox.

use std::time::Duration;

use futures_util::future::join_all;
use kelviq_core::VerifiedEvent;

use super::{
    case::Case,
    events::{checkout, event},
    harness::Harness,
};
use crate::webhook::inbox::{Claim, ClaimToken, Inbox};

/// A bit more than a lease.
pub(super) fn lease<I: Inbox>() -> Duration {
    I::LEASE + Duration::from_secs(1)
}

pub(super) async fn run<H: Harness>(harness: &H) {
    racers(harness).await;
    a_crash_between_claim_and_completion(harness).await;
    a_lost_lease(harness).await;
    a_slow_handler(harness).await;
    a_completed_event(harness).await;
    a_released_claim(harness).await;
    separate_ids(harness).await;
}

/// Claims an event many times at once. Returns the claim that was acquired.
pub(super) async fn race<I: Inbox>(case: Case, inbox: &I, event: &VerifiedEvent) -> ClaimToken {
    let racers = (0..20).map(|_| {
        let (inbox, event) = (inbox.clone(), event.clone());
        tokio::spawn(async move { inbox.claim(&event).await })
    });
    let mut acquired = Vec::new();
    for claim in join_all(racers).await {
        match case.ok(case.ok(claim, "claim"), "claim") {
            Claim::Acquired(claim) => acquired.push(claim),
            other => case.expect(
                matches!(other, Claim::InProgress { .. }),
                "a racer that does not acquire the claim to get `InProgress`",
            ),
        }
    }
    case.equal(
        acquired.len(),
        1,
        "the number of racers that acquire the claim",
    );
    acquired.remove(0)
}

async fn racers<H: Harness>(harness: &H) {
    let case = Case("racers");
    let (inbox, event) = (harness.create().await, event("evt_race"));
    let first = race(case, &inbox, &event).await;
    harness.advance(&inbox, lease::<H::Inbox>()).await;
    let second = race(case, &inbox, &event).await;
    case.expect(
        first.token != second.token,
        "two claims of an event to have different tokens",
    );
    case.complete(&inbox, &second).await;
    case.expect_handled(&inbox, &event, "after its completion")
        .await;
}

async fn a_crash_between_claim_and_completion<H: Harness>(harness: &H) {
    let case = Case("a crash between claim and completion");
    let (inbox, event) = (harness.create().await, event("evt_crash"));
    case.acquire(&inbox, &event, "of a new event").await;
    case.expect_in_progress(&inbox, &event, "while it is claimed")
        .await;
    harness.advance(&inbox, lease::<H::Inbox>()).await;
    case.acquire(&inbox, &event, "after its lease expired")
        .await;
}

async fn a_lost_lease<H: Harness>(harness: &H) {
    let case = Case("a lost lease");
    let (inbox, event) = (harness.create().await, event("evt_lost"));
    let lost = case.acquire(&inbox, &event, "of a new event").await;
    harness.advance(&inbox, lease::<H::Inbox>()).await;
    let claim = case
        .acquire(&inbox, &event, "after its lease expired")
        .await;
    case.expect_lost(&inbox, &lost, "after another claim").await;
    case.expect_in_progress(
        &inbox,
        &event,
        "after calls with the token of the lost claim",
    )
    .await;
    case.complete(&inbox, &claim).await;
    case.expect_lost(&inbox, &lost, "after the completion under another claim")
        .await;
    case.expect_handled(&inbox, &event, "after its completion")
        .await;
}

async fn a_slow_handler<H: Harness>(harness: &H) {
    let case = Case("a slow handler");
    let (inbox, event) = (harness.create().await, event("evt_slow"));
    let claim = case.acquire(&inbox, &event, "of a new event").await;
    for _ in 0..5 {
        harness.advance(&inbox, H::Inbox::LEASE * 2 / 3).await;
        let is_renewed = case.ok(inbox.renew(&claim).await, "renew");
        case.expect(is_renewed, "`renew` of the claim to return true");
        case.expect_in_progress(&inbox, &event, "while its claim is renewed")
            .await;
    }
    case.complete(&inbox, &claim).await;
    case.expect_handled(&inbox, &event, "after its completion")
        .await;
}

async fn a_completed_event<H: Harness>(harness: &H) {
    let case = Case("a completed event");
    let (inbox, event) = (harness.create().await, event("evt_completed"));
    let claim = case.acquire(&inbox, &event, "of a new event").await;
    for _ in 0..2 {
        case.complete(&inbox, &claim).await;
        let is_renewed = case.ok(inbox.renew(&claim).await, "renew");
        case.expect(is_renewed, "`renew` under the same token to return true");
        case.ok(inbox.release(&claim).await, "release");
        case.expect_handled(&inbox, &event, "after calls under the same token")
            .await;
        harness.advance(&inbox, lease::<H::Inbox>()).await;
        case.expect_handled(&inbox, &event, "after a lease").await;
    }
}

async fn a_released_claim<H: Harness>(harness: &H) {
    let case = Case("a released claim");
    let (inbox, event) = (harness.create().await, event("evt_released"));
    let released = case.acquire(&inbox, &event, "of a new event").await;
    case.ok(inbox.release(&released).await, "release");
    case.expect_lost(&inbox, &released, "after the release")
        .await;
    let claim = case
        .acquire(&inbox, &event, "at once after the release")
        .await;
    case.expect_lost(&inbox, &released, "after another claim")
        .await;
    case.complete(&inbox, &claim).await;
}

async fn separate_ids<H: Harness>(harness: &H) {
    let case = Case("separate ids");
    let inbox = harness.create().await;
    let long = "x".repeat(255);
    let event = checkout("evt_A");
    let ids = [
        "evt_a",
        "EVT_A",
        "evt_A ",
        "evt_á",
        "evt_%",
        &long,
        "checkout:cs_evt_A",
    ];
    let claim = case.acquire(&inbox, &event, "of a new event").await;
    for id in ids {
        let event = event.with_claim_id(id.to_owned());
        let other = case
            .acquire(&inbox, &event, &format!("of {id:?}, which is another id"))
            .await;
        case.complete(&inbox, &other).await;
    }
    case.expect_in_progress(&inbox, &event, "after claims of other ids")
        .await;
    case.complete(&inbox, &claim).await;
}
