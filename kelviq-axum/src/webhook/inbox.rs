//! Which events have been handled: the contract.

use std::{error::Error, time::Duration};

use kelviq_core::VerifiedEvent;

/// Remembers which events have been handled and which are being handled, so that each is handled once although Kelviq
/// delivers some more than once.
///
/// A claim is a lease: whoever holds it handles the event, and renews it while that lasts. When the holder dies, the
/// lease runs out, and the next delivery may claim the event.
pub trait Inbox: Clone + Send + Sync + 'static {
    /// Why the inbox could not be asked.
    type Error: Error + Send + Sync + 'static;

    /// How long a claim holds without being renewed. Kelviq's last retry comes about 3 minutes after the first delivery,
    /// so a lease must be much shorter than that.
    const LEASE: Duration = Duration::from_secs(45);

    /// Claims an event, atomically: of two deliveries at once, one gets it.
    fn claim(
        &self,
        event: &VerifiedEvent,
    ) -> impl Future<Output = Result<Claim, Self::Error>> + Send;

    /// Holds a claim for another [`LEASE`](Self::LEASE).
    fn renew(&self, token: &ClaimToken) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Records that the event has been handled.
    fn complete(&self, token: &ClaimToken) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Gives a claim back, for the next delivery to try again.
    fn release(&self, token: &ClaimToken) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// The answer to a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Claim {
    /// The event is the caller's to handle.
    Acquired(ClaimToken),
    /// Somebody else is handling the event.
    InProgress {
        /// When it is worth trying again.
        retry_after: Duration,
    },
    /// The event has been handled.
    Handled,
}

/// The proof of a claim: a holder whose lease ran out cannot end its successor's claim.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClaimToken {
    /// The event's id.
    pub event_id: String,
    /// Distinguishes this claim from every other of the event.
    pub token: u64,
}

impl ClaimToken {
    /// A token of an inbox's own making.
    pub fn new(event_id: impl Into<String>, token: u64) -> Self {
        Self {
            event_id: event_id.into(),
            token,
        }
    }
}
