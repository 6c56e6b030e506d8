//! Which events have been handled: the contract.

use std::{error::Error, time::Duration};

use kelviq_core::VerifiedEvent;

/// Remembers which events have been handled and which are being handled, so that each is handled once although Kelviq
/// delivers some more than once.
///
/// A claim is a lease: whoever holds it handles the event, and renews it while that lasts. When the holder dies, the
/// lease runs out, and the next delivery may claim the event.
///
/// ```
/// use kelviq_axum::{Claim, ClaimToken, Inbox, kelviq_core::VerifiedEvent};
/// # use std::{io, time::Duration};
/// # enum Row { Mine(i64), Held(Duration), Handled }
/// # #[derive(Clone)]
/// # struct Database;
/// # impl Database {
/// #     async fn insert_or_take_over(&self, _: &str, _: Duration) -> io::Result<Row> { Ok(Row::Handled) }
/// #     async fn set_lease(&self, _: &ClaimToken, _: Duration) -> io::Result<u64> { Ok(1) }
/// #     async fn set_handled(&self, _: &ClaimToken) -> io::Result<u64> { Ok(1) }
/// #     async fn delete(&self, _: &ClaimToken) -> io::Result<()> { Ok(()) }
/// # }
///
/// /// A table with the columns id, token, lease_until and handled.
/// #[derive(Clone)]
/// struct SqlInbox(Database);
///
/// impl Inbox for SqlInbox {
///     type Error = io::Error;
///
///     async fn claim(&self, event: &VerifiedEvent) -> io::Result<Claim> {
///         Ok(match self.0.insert_or_take_over(event.id(), Self::LEASE).await? {
///             Row::Mine(token) => Claim::Acquired(ClaimToken::new(event.id(), token)),
///             Row::Held(retry_after) => Claim::InProgress { retry_after },
///             Row::Handled => Claim::Handled,
///         })
///     }
///
///     // Each of these changes one row: WHERE id = $1 AND token = $2 AND NOT handled
///     async fn renew(&self, claim: &ClaimToken) -> io::Result<bool> {
///         Ok(self.0.set_lease(claim, Self::LEASE).await? == 1)
///     }
///
///     async fn complete(&self, claim: &ClaimToken) -> io::Result<bool> {
///         Ok(self.0.set_handled(claim).await? == 1)
///     }
///
///     async fn release(&self, claim: &ClaimToken) -> io::Result<()> {
///         self.0.delete(claim).await
///     }
/// }
/// ```
pub trait Inbox: Clone + Send + Sync + 'static {
    /// Why the inbox could not be asked.
    type Error: Error + Send + Sync + 'static;

    /// How long a claim holds without being renewed. Kelviq's last retry comes about 3 minutes after the first delivery,
    /// so a lease must be much shorter than that.
    const LEASE: Duration = Duration::from_secs(45);

    /// Claims an event, atomically: of two deliveries at once, one gets it. A claim that is given too late is not used,
    /// and runs out.
    fn claim(
        &self,
        event: &VerifiedEvent,
    ) -> impl Future<Output = Result<Claim, Self::Error>> + Send;

    /// Holds a claim for another [`LEASE`](Self::LEASE). `false` when the claim was lost: its lease had run out.
    fn renew(&self, token: &ClaimToken) -> impl Future<Output = Result<bool, Self::Error>> + Send;

    /// Records that the event has been handled. `false` when the claim was lost before.
    fn complete(
        &self,
        token: &ClaimToken,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send;

    /// Gives a claim back, for the next delivery to try again.
    fn release(&self, token: &ClaimToken) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// The answer to a claim.
///
/// ```
/// use kelviq_axum::{Claim, Inbox, kelviq_core::VerifiedEvent};
/// # async fn handle(event: &VerifiedEvent) {}
///
/// // What the webhook route does, but for renewing the claim meanwhile.
/// async fn once<I: Inbox>(inbox: &I, event: &VerifiedEvent) -> Result<(), I::Error> {
///     match inbox.claim(event).await? {
///         Claim::Acquired(token) => {
///             handle(event).await;
///             if !inbox.complete(&token).await? {
///                 eprintln!("{} took too long and may be handled again", event.id());
///             }
///         }
///         Claim::InProgress { retry_after } => println!("try again in {retry_after:?}"),
///         _ => {} // handled before
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
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
///
/// ```
/// use std::collections::HashMap;
/// use kelviq_axum::ClaimToken;
///
/// // The tokens of the claims that hold, by event.
/// fn release(claims: &mut HashMap<String, i64>, claim: &ClaimToken) {
///     if claims.get(&claim.event_id) == Some(&claim.token) {
///         claims.remove(&claim.event_id);
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClaimToken {
    /// The event's id.
    pub event_id: String,
    /// Distinguishes this claim from every other of the event.
    pub token: i64,
}

impl ClaimToken {
    /// A token of an inbox's own making.
    pub fn new(event_id: impl Into<String>, token: i64) -> Self {
        Self {
            event_id: event_id.into(),
            token,
        }
    }
}
