//! The source of an event.

/// The source of a [`VerifiedEvent`](crate::VerifiedEvent), which is the reason why the event can be trusted.
///
/// An event is either verified by its signature, or part of a response of Kelviq's API to an authenticated request, or
/// from a store that kept it after one of these. Only a delivery has a signature of its own.
///
/// ```
/// use kelviq_core::{EventSource, VerifiedEvent};
///
/// fn on_event(event: &VerifiedEvent) {
///     if matches!(event.source(), EventSource::WebhookLog | EventSource::CheckoutSession) {
///         println!("event {} was not delivered in time", event.id());
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventSource {
    /// A webhook delivery with a valid signature.
    Delivery {
        /// The index of the secret that matched, in the order in which the verifier received its secrets.
        ///
        /// When events are signed with a new secret, the old one can be removed.
        secret_index: usize,
    },
    /// A store that kept the event. The event was verified before it was stored, and is not verified again, because
    /// secrets are rotated and timestamps expire.
    Stored,
    /// Kelviq's webhook log (`GET /webhook/logs/`), which contains the events that Kelviq tried to deliver.
    ///
    /// Whether the log preserves the case of JSON keys is not documented. Keys in camelCase are therefore converted to the
    /// `snake_case` of webhooks, except those in metadata, which are kept as received. If Kelviq converts the keys in
    /// metadata, they differ from those that were sent.
    WebhookLog,
    /// A paid checkout session (`GET /checkout/sessions/`) whose `checkout.completed` event is unknown.
    ///
    /// The event has the id `checkout.completed:{session id}`. It has no
    /// [`kelviq_customer_id`](crate::CheckoutCompleted::kelviq_customer_id), no plan, and only the fields that the session
    /// has.
    CheckoutSession,
}
