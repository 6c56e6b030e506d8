//! Checks that name their case.

use std::error::Error;

use crate::webhook::inbox::{Claim, ClaimToken, Inbox};
use kelviq_core::VerifiedEvent;

/// A case of the suite.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case(pub(super) &'static str);

impl Case {
    /// Panics unless `is_met`.
    #[track_caller]
    pub(super) fn expect(self, is_met: bool, expected: &str) {
        assert!(is_met, "contract: {}: expected {expected}", self.0);
    }

    /// Panics unless the values are equal.
    #[track_caller]
    #[allow(clippy::needless_pass_by_value, reason = "most values are literals")]
    pub(super) fn equal<T: PartialEq + std::fmt::Debug>(self, actual: T, wanted: T, what: &str) {
        let name = self.0;
        assert!(
            actual == wanted,
            "contract: {name}: expected {what} to be {wanted:?}, but it is {actual:?}"
        );
    }

    /// Returns the value of a call that must not fail.
    #[track_caller]
    pub(super) fn ok<T, E: Error>(self, result: Result<T, E>, call: &str) -> T {
        match result {
            Ok(value) => value,
            Err(error) => panic!("contract: {}: `{call}` failed: {error}", self.0),
        }
    }

    pub(super) async fn claim<I: Inbox>(self, inbox: &I, event: &VerifiedEvent) -> Claim {
        self.ok(inbox.claim(event).await, "claim")
    }

    /// Claims an event that can be claimed.
    pub(super) async fn acquire<I: Inbox>(
        self,
        inbox: &I,
        event: &VerifiedEvent,
        when: &str,
    ) -> ClaimToken {
        match self.claim(inbox, event).await {
            Claim::Acquired(claim) => {
                self.equal(&*claim.event_id, event.id(), "the event id of the token");
                claim
            }
            other => panic!(
                "contract: {}: expected to acquire the claim {when}, but got {other:?}",
                self.0
            ),
        }
    }

    pub(super) async fn expect_handled<I: Inbox>(
        self,
        inbox: &I,
        event: &VerifiedEvent,
        when: &str,
    ) {
        let claim = self.claim(inbox, event).await;
        let expected = format!(
            "{} to be `Handled` {when}, but the claim is {claim:?}",
            event.id()
        );
        self.expect(claim == Claim::Handled, &expected);
    }

    pub(super) async fn expect_in_progress<I: Inbox>(
        self,
        inbox: &I,
        event: &VerifiedEvent,
        when: &str,
    ) {
        let claim = self.claim(inbox, event).await;
        let is_met =
            matches!(&claim, Claim::InProgress { retry_after } if *retry_after <= I::LEASE);
        let expected = format!("`InProgress` for at most one lease {when}, but got {claim:?}");
        self.expect(is_met, &expected);
    }

    pub(super) async fn complete<I: Inbox>(self, inbox: &I, claim: &ClaimToken) {
        let is_completed = self.ok(inbox.complete(claim).await, "complete");
        self.expect(is_completed, "`complete` of the claim to return true");
    }

    /// Checks that a claim has ended and that its token changes nothing.
    pub(super) async fn expect_lost<I: Inbox>(self, inbox: &I, claim: &ClaimToken, when: &str) {
        let is_renewed = self.ok(inbox.renew(claim).await, "renew");
        self.expect(!is_renewed, &format!("`renew` to return false {when}"));
        let is_completed = self.ok(inbox.complete(claim).await, "complete");
        self.expect(!is_completed, &format!("`complete` to return false {when}"));
        self.ok(inbox.release(claim).await, "release");
    }
}
