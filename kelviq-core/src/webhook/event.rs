//! A verified event.

use std::{borrow::Cow, fmt, sync::Arc};

use super::{
    envelope::{Header, read_checkout},
    event_body::EventBody,
    event_data::EventData,
    event_object::{EventObject, check_kind},
    event_source::EventSource,
    event_type::EventType,
    models::checkout_completed::CheckoutCompleted,
    usable_key::is_usable_key,
};
use crate::{
    error::{Error, ErrorKind},
    json::RawObject,
    metadata::{from_metadata::FromMetadata, object::Metadata},
    time_text::TimeText,
};

/// An event that is certainly Kelviq's: its signature is valid, or it was fetched from Kelviq. An application can create
/// one only with a [`WebhookVerifier`](crate::WebhookVerifier). [`source`](Self::source) returns where the event is from.
///
/// Kelviq can deliver an event more than once, so handle each [`id`](Self::id) only once.
///
/// An event owns its JSON and can be moved to another thread or queued in memory. It cannot be deserialized. To process a
/// delivery after a restart, store it as a [`WebhookDelivery`](crate::WebhookDelivery), which can be verified again.
///
/// ```
/// use std::collections::HashSet;
/// use kelviq_core::{EventType, VerifiedEvent};
///
/// fn on_event(event: &VerifiedEvent, handled: &mut HashSet<String>) {
///     if handled.contains(event.id()) {
///         return;
///     }
///     if *event.event_type() == EventType::CheckoutCompleted {
///         println!("paid at {:?}", event.created_at());
///     }
///     handled.insert(event.id().to_owned());
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedEvent {
    /// Shared by clones.
    content: Arc<Content>,
    /// The id that replaces the event's own, see [`with_claim_id`](Self::with_claim_id).
    claim_id: Option<String>,
}

#[derive(PartialEq, Eq)]
struct Content {
    id: String,
    event_type: EventType,
    created_at: Option<TimeText>,
    body: EventBody,
    source: EventSource,
}

impl VerifiedEvent {
    /// Returns the event's id (`id`), which is the same for every delivery of the event.
    pub fn id(&self) -> &str {
        self.claim_id.as_deref().unwrap_or(&self.content.id)
    }

    /// Returns the event's type (`type`).
    pub fn event_type(&self) -> &EventType {
        &self.content.event_type
    }

    /// Returns the time of the event (`created_at`), in RFC 3339 format. Events can arrive out of order, see
    /// [`is_older_than`](Self::is_older_than).
    pub fn created_at(&self) -> Option<&TimeText> {
        self.content.created_at.as_ref()
    }

    /// Returns the body of the event as text, without a byte order mark. It contains personal data.
    ///
    /// Bytes that are not UTF-8 are replaced by U+FFFD. [`raw_body`](Self::raw_body) returns the unchanged bytes.
    pub fn as_json(&self) -> &str {
        self.content.body.json()
    }

    /// Returns the body of the event as bytes: those that were signed, if the event was delivered. It contains personal data.
    pub fn raw_body(&self) -> &[u8] {
        self.content.body.raw()
    }

    /// Returns the JSON of `data.object`, or `{}` if the event has no object.
    pub fn object_json(&self) -> &str {
        self.content.body.object().unwrap_or("{}")
    }

    /// Returns the JSON of `data.previous_attributes`, which some events about updates have.
    pub fn previous_attributes_json(&self) -> Option<&str> {
        self.content.body.previous_attributes()
    }

    /// Returns where the event is from, which is the reason why it can be trusted.
    pub fn source(&self) -> EventSource {
        self.content.source
    }

    /// Deserializes the object of the event according to the event's type.
    ///
    /// A field that is missing, null or of an unexpected type is `None`. A number is accepted for a string, and a string
    /// with a number for a number.
    ///
    /// The metadata of a checkout is [`Metadata`]. [`data_as`](Self::data_as) parses it into a struct.
    pub fn data(&self) -> EventData {
        self.data_as::<Metadata>()
    }

    /// Deserializes the object of the event like [`data`](Self::data), and the metadata of a checkout as `M`.
    ///
    /// Metadata that cannot be parsed as `M` is an `Err` in its field.
    ///
    /// ```
    /// use kelviq_core::{CheckoutMetadata, EventData, VerifiedEvent};
    ///
    /// #[derive(CheckoutMetadata)]
    /// struct OrderMetadata {
    ///     order_ref: String,
    /// }
    ///
    /// fn order_ref(event: &VerifiedEvent) -> Option<String> {
    ///     match event.data_as::<OrderMetadata>() {
    ///         EventData::CheckoutCompleted(session) => Some(session.metadata.ok()?.order_ref),
    ///         _ => None,
    ///     }
    /// }
    /// ```
    pub fn data_as<M: FromMetadata>(&self) -> EventData<M> {
        EventData::from_object(self.event_type(), self.object_json(), self.id())
    }

    /// Deserializes `data.object` as `T`. Missing fields are `None`.
    ///
    /// Use this for several event types with the same object, or for an event type without a variant in [`EventType`] whose
    /// object is known:
    ///
    /// ```
    /// # use kelviq_core::{Error, Subscription, VerifiedEvent};
    /// fn on_event(event: &VerifiedEvent) -> Result<(), Error> {
    ///     if event.event_type().as_str() == "subscription.renewed" {
    ///         let subscription: Subscription = event.object()?;
    ///         println!("renewed until {:?}", subscription.billing_period_end_time);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`EventObject`](ErrorKind::EventObject) if events of this type contain another object than `T`. For an event
    /// type without a variant, that is only known if `object` in the JSON of the object names another type.
    pub fn object<T: EventObject>(&self) -> Result<T, Error> {
        check_kind::<T>(self.event_type(), self.object_json())?;
        Ok(self.read(self.object_json()))
    }

    /// Deserializes `data.previous_attributes` as `T`: the previous values of the fields that changed.
    ///
    /// Unchanged fields are `None`. Returns `None` if the event has no previous attributes.
    ///
    /// ```
    /// # use kelviq_core::{Error, EventData, Subscription, VerifiedEvent};
    /// fn on_event(event: &VerifiedEvent) -> Result<(), Error> {
    ///     if let EventData::SubscriptionPlanChanged(subscription) = event.data() {
    ///         let before = event.previous::<Subscription>()?.and_then(|previous| previous.plan);
    ///         println!("from {before:?} to {:?}", subscription.plan);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`EventObject`](ErrorKind::EventObject) in the cases in which [`object`](Self::object) does.
    pub fn previous<T: EventObject>(&self) -> Result<Option<T>, Error> {
        check_kind::<T>(self.event_type(), self.object_json())?;
        let previous = self.previous_attributes_json();
        Ok(previous.map(|json| self.read(json)))
    }

    fn read<T: EventObject>(&self, json: &str) -> T {
        T::from_json(json).with_event_id(self.id())
    }

    /// Returns the keys of `data.previous_attributes` in their original order: the fields that changed, including those
    /// whose previous value is null.
    ///
    /// ```
    /// # use kelviq_core::VerifiedEvent;
    /// fn plan_or_status_changed(event: &VerifiedEvent) -> bool {
    ///     event.previous_keys().any(|key| key == "plan" || key == "status")
    /// }
    /// ```
    pub fn previous_keys(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let previous = self
            .previous_attributes_json()
            .and_then(RawObject::parse_lenient)
            .unwrap_or_default();
        previous.into_keys()
    }

    /// Returns a copy with another id, for kelviq-axum's second claim of an event in an inbox. Exempt from semantic
    /// versioning.
    #[doc(hidden)]
    #[must_use]
    pub fn with_claim_id(&self, id: String) -> Self {
        Self {
            content: Arc::clone(&self.content),
            claim_id: Some(id),
        }
    }

    /// Returns `true` if the event was made by [`with_claim_id`](Self::with_claim_id), so that it claims a checkout and is not
    /// an event of its own. Exempt from semantic versioning.
    #[doc(hidden)]
    pub fn is_checkout_claim(&self) -> bool {
        self.claim_id.is_some()
    }

    /// Reads the body of an event from a source that can be trusted.
    pub(crate) fn from_body(body: &[u8], source: EventSource) -> Result<Self, Error> {
        Self::read_body(EventBody::new(body), source)
    }

    fn read_body(body: EventBody, source: EventSource) -> Result<Self, Error> {
        let envelope = body.envelope();
        let header = envelope
            .ok_or_else(|| not_an_event(source, "expected a JSON object"))?
            .header;
        Self::new(header, body, source)
    }

    /// Reads the body of an event and, if it is a `checkout.completed` whose values are of the usual types, the session in the
    /// same pass. Without it, [`data`](Self::data) reads the session.
    pub(super) fn with_session(
        body: &[u8],
        source: EventSource,
    ) -> Result<(Self, Option<Box<CheckoutCompleted>>), Error> {
        let body = EventBody::new(body);
        let Some((header, mut session)) = read_checkout(body.json()) else {
            return Ok((Self::read_body(body, source)?, None));
        };
        let event = Self::new(header, body, source)?;
        session.set_key(event.id());
        Ok((event, Some(session)))
    }

    fn new(header: Header, body: EventBody, source: EventSource) -> Result<Self, Error> {
        let required = |key: &str, value: Option<String>| {
            value.filter(|value| is_usable_key(value)).ok_or_else(|| {
                not_an_event(source, &format!("expected a short string under `{key}`"))
            })
        };
        let id = required("id", header.id)?;
        let event_type = required("type", header.event_type)?;
        Ok(Self {
            content: Arc::new(Content {
                id,
                event_type: EventType::from(&*event_type),
                created_at: header.created_at,
                body,
                source,
            }),
            claim_id: None,
        })
    }
}

/// Omits the JSON, which contains personal data.
impl fmt::Debug for VerifiedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedEvent")
            .field("id", &self.id())
            .field("event_type", self.event_type())
            .field("created_at", &self.created_at())
            .field("source", &self.source())
            .finish_non_exhaustive()
    }
}

fn not_an_event(source: EventSource, expected: &str) -> Error {
    let problem = match source {
        EventSource::Delivery { .. } => {
            "the webhook's signature is valid, but its body is not an event"
        }
        EventSource::Stored => "the stored webhook body is not an event",
        EventSource::WebhookLog => "the payload in the webhook log is not an event",
        EventSource::CheckoutSession => "the checkout session cannot be read as an event",
    };
    Error::new(ErrorKind::WebhookPayload, format!("{problem}: {expected}"))
}
