//! Recording an event in the handler's own transaction.

use std::{error::Error, fmt};

use crate::webhook::inbox::{ClaimToken, Inbox};

/// A database transaction in which a store can record events. [`Event::complete`](crate::Event::complete) takes it.
///
/// It is implemented for `sqlx::Transaction` of SQLite (feature `sqlite`) and PostgreSQL (feature `postgres`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transaction of a store",
    note = "pass `&mut tx`, where `tx` is a `sqlx::Transaction` of SQLite (feature `sqlite`) or PostgreSQL (feature `postgres`)"
)]
pub trait StoreTransaction: Send {
    /// The store whose tables the transaction can change.
    type Store: Inbox;

    /// Does in this transaction what [`Inbox::complete`] does. Returns `false` if the claim is lost.
    fn complete(
        &mut self,
        store: &Self::Store,
        claim: &ClaimToken,
    ) -> impl Future<Output = Result<bool, <Self::Store as Inbox>::Error>> + Send;

    /// Stores a key of the application's choice. Returns `false` if the key is stored already.
    fn insert_key(
        &mut self,
        store: &Self::Store,
        key: &str,
    ) -> impl Future<Output = Result<bool, <Self::Store as Inbox>::Error>> + Send;
}

/// An error from recording an event in a transaction. The transaction must be rolled back.
#[derive(Debug)]
#[non_exhaustive]
pub enum CompleteError {
    /// The claim was lost: the handler took too long, and the event may have been handled elsewhere. Or the transaction is of
    /// another database than the store that claimed the event.
    ClaimLost,
    /// The transaction belongs to another kind of store than the one that claimed the event.
    OtherStore,
    /// The event was not claimed: it comes from the [`Webhook`](crate::Webhook) extractor.
    NotClaimed,
    /// The database rejected the statement or could not be reached.
    Store(Box<dyn Error + Send + Sync>),
}

impl fmt::Display for CompleteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClaimLost => {
                "the store has no claim of the event in this transaction: it was lost, or the transaction is of another \
                 database than the webhook route; roll the transaction back"
            }
            Self::OtherStore => {
                "the transaction belongs to another kind of store than the webhook route"
            }
            Self::NotClaimed => "the event was not claimed; only the webhook route claims events",
            Self::Store(error) => return write!(f, "the event could not be recorded: {error}"),
        })
    }
}

impl Error for CompleteError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            // The message has that of the database's error, so the chain continues with that error's source.
            Self::Store(error) => error.source(),
            _ => None,
        }
    }
}
