//! The `Event` extractor.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{extract::FromRequestParts, http::request::Parts};
use kelviq_core::{
    CheckoutCompleted, EventData, EventSource, FromMetadata, Metadata, VerifiedEvent,
};

use super::{handling::Handling, inbox::ClaimToken, rejection::EventRejection};
use crate::store::transaction::{CompleteError, StoreTransaction};

/// A verified event, and the extractor for it in a handler of [`webhook`](crate::webhook). `M` is the type that the
/// checkout's metadata is parsed into.
///
/// ```
/// use axum::http::StatusCode;
/// use kelviq_axum::Event;
/// use kelviq_core::{CheckoutMetadata, EventData};
///
/// #[derive(CheckoutMetadata)]
/// struct OrderMetadata {
///     order_ref: String,
/// }
///
/// async fn on_event(event: Event<OrderMetadata>) -> Result<(), StatusCode> {
///     if let EventData::CheckoutCompleted(session) = event.data {
///         match session.metadata {
///             Ok(order) => println!("event {}: fulfil {}", event.id, order.order_ref),
///             Err(error) => eprintln!("event {} needs manual review: {error}", event.id),
///         }
///     }
///     Ok(())
/// }
/// ```
///
/// # Rejections
///
/// Rejects with an [`EventRejection`] if the handler was passed neither to [`webhook`](crate::webhook) nor to
/// [`Webhooks`](crate::Webhooks): 500, and the log has the fix. `post(on_event)` compiles, because `on_event` is an ordinary
/// handler. In other handlers, extract [`Webhook`](crate::Webhook).
///
/// # `#[debug_handler]`
///
/// `axum::debug_handler` declares a type parameter `M`, so it rejects an `Event<M>` whose metadata type is itself named
/// `M`. Rename the type, or use an alias:
///
/// ```
/// use axum::debug_handler;
/// use kelviq_axum::Event;
/// use kelviq_core::CheckoutMetadata;
///
/// #[derive(CheckoutMetadata)]
/// struct M {
///     order_ref: String,
/// }
///
/// type OrderEvent = Event<M>;
///
/// #[debug_handler]
/// async fn on_event(event: OrderEvent) {}
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Event<M = Metadata> {
    /// The event's id, which is the same in every delivery of the event.
    pub id: String,
    /// The event's data, by type.
    pub data: EventData<M>,
    /// The event's envelope: type, time and raw JSON.
    pub verified: VerifiedEvent,
    /// The claim under which the handler runs, for an inbox that records the event in the handler's own transaction.
    /// `None` if the event comes from the [`Webhook`](crate::Webhook) extractor, which does not use an inbox.
    pub claim: Option<ClaimToken>,
    /// The claim of the checkout, under the id `checkout:{key}`. It is used like [`claim`](Self::claim), and should
    /// be completed before it. [`complete`](Self::complete) completes both. `None` for events other than
    /// `checkout.completed`.
    pub checkout_claim: Option<ClaimToken>,
    handling: Option<Handling>,
}

impl<M> Event<M> {
    /// Records the event, and its checkout, as handled in the handler's own transaction, so that the handler's changes and
    /// the record are committed together.
    ///
    /// The transaction must be one of the database of the store that the route was created with. It belongs to the caller,
    /// who commits it afterwards. The handler's response is not part of the transaction: if it is 5xx after the commit, the
    /// event stays handled, and the log says so.
    ///
    /// ```no_run
    /// # #[cfg(feature = "sqlite")] {
    /// use axum::{extract::State, http::StatusCode};
    /// use kelviq_axum::Event;
    /// use kelviq_core::EventData;
    /// use sqlx::SqlitePool;
    ///
    /// async fn on_event(State(pool): State<SqlitePool>, event: Event) -> Result<(), StatusCode> {
    ///     fulfil(&pool, &event).await.map_err(|error| {
    ///         eprintln!("event {}: {error}", event.id);
    ///         StatusCode::INTERNAL_SERVER_ERROR
    ///     })
    /// }
    ///
    /// async fn fulfil(pool: &SqlitePool, event: &Event) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    ///     let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    ///     if let EventData::CheckoutCompleted(session) = &event.data {
    ///         let order = sqlx::query("INSERT INTO orders (checkout) VALUES ($1)").bind(session.key());
    ///         order.execute(&mut *tx).await?;
    ///     }
    ///     event.complete(&mut tx).await?;
    ///     tx.commit().await?;
    ///     Ok(())
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the claim was lost, the transaction belongs to another kind of store, or the database rejects the
    /// statement. The transaction must then be rolled back, which `?` does because it drops the transaction.
    pub fn complete<'a, T: StoreTransaction>(
        &self,
        tx: &'a mut T,
    ) -> impl Future<Output = Result<(), CompleteError>> + Send + use<'a, T, M> {
        let handling = self.handling.clone();
        async move {
            handling
                .ok_or(CompleteError::NotClaimed)?
                .complete(tx)
                .await
        }
    }

    /// Claims a key of the application's choice in the handler's own transaction. Returns `false` if another transaction
    /// has claimed it.
    ///
    /// Use it for what must happen once for something other than an event, e.g. once per customer. Keys are kept for at least
    /// 35 days and are separate from event ids. An application that needs them for longer has a unique column of its own.
    ///
    /// # Errors
    ///
    /// The errors are those of [`complete`](Self::complete).
    pub fn once<'a, T: StoreTransaction>(
        &self,
        tx: &'a mut T,
        key: &str,
    ) -> impl Future<Output = Result<bool, CompleteError>> + Send + use<'a, T, M> {
        let (handling, key) = (self.handling.clone(), key.to_owned());
        async move {
            let handling = handling.ok_or(CompleteError::NotClaimed)?;
            handling.insert_key(tx, key).await
        }
    }

    /// Returns where the event came from.
    pub fn source(&self) -> EventSource {
        self.verified.source()
    }
}

impl<M: FromMetadata> Event<M> {
    /// Creates the event. `session` is that of a `checkout.completed`, if it has been read.
    pub(super) fn new(verified: VerifiedEvent, session: Option<Box<CheckoutCompleted>>) -> Self {
        Self {
            id: verified.id().to_owned(),
            data: match session {
                Some(session) => EventData::CheckoutCompleted(session.with_metadata()),
                None => verified.data_as(),
            },
            verified,
            claim: None,
            checkout_claim: None,
            handling: None,
        }
    }
}

impl<M: FromMetadata> From<VerifiedEvent> for Event<M> {
    fn from(verified: VerifiedEvent) -> Self {
        Self::new(verified, None)
    }
}

impl<M: FromMetadata, S: Send + Sync> FromRequestParts<S> for Event<M> {
    type Rejection = EventRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let claimed = parts.extensions.get::<ClaimedEvent>();
        let claimed = claimed.ok_or(EventRejection)?;
        let handling = &claimed.handling;
        Ok(Self {
            claim: Some(handling.claims().event.clone()),
            checkout_claim: handling.claims().checkout.clone(),
            handling: Some(handling.clone()),
            ..Self::new(claimed.event.clone(), claimed.take_session())
        })
    }
}

/// The request extension by which the route passes an event to the extractor. Private, so that an event which the
/// extractor finds is always verified and claimed.
#[derive(Clone)]
pub(super) struct ClaimedEvent {
    event: VerifiedEvent,
    /// The session of a `checkout.completed`, if it has been read. The first extractor takes it, further ones read it again.
    session: Arc<Mutex<Option<Box<CheckoutCompleted>>>>,
    handling: Handling,
}

impl ClaimedEvent {
    pub(super) fn new(
        event: VerifiedEvent,
        session: Option<Box<CheckoutCompleted>>,
        handling: Handling,
    ) -> Self {
        Self {
            event,
            session: Arc::new(Mutex::new(session)),
            handling,
        }
    }

    fn take_session(&self) -> Option<Box<CheckoutCompleted>> {
        let session = self.session.lock();
        session.unwrap_or_else(PoisonError::into_inner).take()
    }
}
