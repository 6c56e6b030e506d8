//! The record of handled events.

use std::{error::Error, time::Duration};

use kelviq_core::VerifiedEvent;

/// A record of the events that have been handled or are being handled, so that each event is handled once even if Kelviq
/// delivers it several times.
///
/// [`webhook`](crate::webhook) claims an event before it runs the handler, renews the claim while the handler runs, and
/// then completes or releases it. A claim expires unless it is renewed. After a crash, a later delivery can therefore
/// claim the event again.
///
/// The route drops an operation that takes longer than a third of a [`LEASE`](Self::LEASE), and treats a panic like an error.
/// A renewal is also dropped when the handler ends. An operation is dropped at an await point, so it must not block its
/// thread: no limit of the route applies meanwhile.
///
/// ```
/// use kelviq_axum::{Claim, ClaimToken, Inbox};
/// use kelviq_core::VerifiedEvent;
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
///     // WHERE id = $1 AND token = $2. A row that is handled stays as it is, but counts as changed.
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
    /// The error of the inbox, such as a database error.
    type Error: Error + Send + Sync + 'static;

    /// Time after which a claim expires unless it is renewed.
    ///
    /// Kelviq sends its last retry about 3 minutes after the first delivery, so this must be much shorter.
    const LEASE: Duration = Duration::from_secs(45);

    /// Claims an event by its [`id`](VerifiedEvent::id). This must be atomic: of two concurrent deliveries, only one
    /// acquires the claim.
    ///
    /// For `checkout.completed`, the route calls this a second time with a copy of the event whose id is
    /// `checkout:{key}`, so that a checkout is handled once even if several events announce it. An id has at most
    /// 255 bytes. The two claims are independent of each other, and the inbox can treat both alike.
    ///
    /// The route responds with 500 if this takes longer than a third of a [`LEASE`](Self::LEASE). If the claim is acquired
    /// nevertheless, the route does not use it, and it expires.
    fn claim(
        &self,
        event: &VerifiedEvent,
    ) -> impl Future<Output = Result<Claim, Self::Error>> + Send;

    /// Renews a claim for another [`LEASE`](Self::LEASE). Returns `false` if the claim is lost, because it expired and
    /// another delivery claimed or handled the event. Returns `true`, without a change, if the event was completed under
    /// this claim.
    fn renew(&self, token: &ClaimToken) -> impl Future<Output = Result<bool, Self::Error>> + Send;

    /// Records that the event has been handled. Returns `false` if the claim is lost, and `true` if the event was already
    /// completed under this claim, e.g. in the handler's own transaction.
    fn complete(
        &self,
        token: &ClaimToken,
    ) -> impl Future<Output = Result<bool, Self::Error>> + Send;

    /// Ends a claim without recording the event as handled, so that the next delivery can claim it. Does nothing if the
    /// claim is lost or the event was completed.
    fn release(&self, token: &ClaimToken) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// The result of [`Inbox::claim`].
///
/// ```
/// use kelviq_axum::{Claim, Inbox};
/// use kelviq_core::VerifiedEvent;
/// # async fn handle(event: &VerifiedEvent) {}
///
/// // What the webhook route does, except for renewing the claim.
/// async fn once<I: Inbox>(inbox: &I, event: &VerifiedEvent) -> Result<(), I::Error> {
///     match inbox.claim(event).await? {
///         Claim::Acquired(token) => {
///             handle(event).await;
///             if !inbox.complete(&token).await? {
///                 eprintln!("the claim of {} was lost; it may be handled twice", event.id());
///             }
///         }
///         Claim::InProgress { retry_after } => println!("retry in {retry_after:?}"),
///         _ => {} // handled before
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum Claim {
    /// The caller has claimed the event and must handle it.
    Acquired(ClaimToken),
    /// Another request has claimed the event.
    InProgress {
        /// Time until the other claim expires.
        retry_after: Duration,
    },
    /// The event has already been handled.
    Handled,
}

/// A token that identifies a claim, so that the owner of an expired claim cannot end a later claim of the same event.
///
/// ```
/// use std::collections::HashMap;
/// use kelviq_axum::ClaimToken;
///
/// // The tokens of the current claims, by event.
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
    /// A number that is different for every claim of the event.
    pub token: i64,
}

impl ClaimToken {
    /// Creates a token. For implementations of [`Inbox`].
    pub fn new(event_id: impl Into<String>, token: i64) -> Self {
        Self {
            event_id: event_id.into(),
            token,
        }
    }
}
