//! The event: an envelope that has been verified.

use std::{borrow::Cow, fmt, ops::Range};

use super::{EventData, EventObject, EventType};
use crate::{Error, ErrorKind, FromMetadata, json::RawObject};

/// An event whose signature held. Only [`WebhookVerifier`](super::WebhookVerifier) makes one.
///
/// It owns the body as it came, so it can be handed on and read later. Out of a store it comes as unverified text again:
/// keep the headers, and verify it once more with `verify_at`. Kelviq sends events more than once: handle each
/// [`id`](Self::id) once.
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
    id: String,
    event_type: EventType,
    created_at: Option<String>,
    json: String,
    /// Where in `json` the objects are.
    object: Range<usize>,
    previous_attributes: Option<Range<usize>>,
    secret_index: usize,
}

impl VerifiedEvent {
    /// The event's `id`, the same for every delivery of the event.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The event's `type`.
    pub fn event_type(&self) -> &EventType {
        &self.event_type
    }

    /// The event's `created_at`, RFC 3339. Events can arrive out of order.
    pub fn created_at(&self) -> Option<&str> {
        self.created_at.as_deref()
    }

    /// The whole body, as it came. It holds personal data.
    pub fn as_json(&self) -> &str {
        &self.json
    }

    /// The JSON text of `data.object`.
    pub fn object_json(&self) -> &str {
        &self.json[self.object.clone()]
    }

    /// The JSON text of `data.previous_attributes`, which some updates have.
    pub fn previous_attributes_json(&self) -> Option<&str> {
        let range = self.previous_attributes.clone()?;
        Some(&self.json[range])
    }

    /// Which of the verifier's secrets matched: 0 is the first. When the new one does, the old one can go.
    pub fn secret_index(&self) -> usize {
        self.secret_index
    }

    /// Reads what is in the event. A field that is missing, null or of another type than expected reads as `None`;
    /// metadata that does not fit `M` is an error value inside.
    pub fn data<M: FromMetadata>(&self) -> EventData<M> {
        EventData::read(self)
    }

    /// Reads `data.object` as one kind of object, whatever the event's type; fields that it does not have are `None`.
    ///
    /// For types that this version does not know but whose object it does:
    ///
    /// ```
    /// # use kelviq_core::{Subscription, VerifiedEvent};
    /// fn on_event(event: &VerifiedEvent) {
    ///     if event.event_type().as_str() == "subscription.renewed" {
    ///         let subscription: Subscription = event.object();
    ///         println!("renewed until {:?}", subscription.billing_period_end_time);
    ///     }
    /// }
    /// ```
    pub fn object<T: EventObject>(&self) -> T {
        T::from_json(self.object_json())
    }

    /// Reads `data.previous_attributes` as the same kind of object: what its fields held before, and `None` in those
    /// that did not change. `None` when the event has no previous attributes.
    ///
    /// ```
    /// # use kelviq_core::{EventData, Metadata, Subscription, VerifiedEvent};
    /// fn on_event(event: &VerifiedEvent) {
    ///     if let EventData::SubscriptionPlanChanged(now) = event.data::<Metadata>() {
    ///         let before = event.previous::<Subscription>().and_then(|before| before.plan);
    ///         println!("from {before:?} to {:?}", now.plan);
    ///     }
    /// }
    /// ```
    pub fn previous<T: EventObject>(&self) -> Option<T> {
        self.previous_attributes_json().map(T::from_json)
    }

    /// The keys in `data.previous_attributes`, in the order of the text: the fields that changed, also those that held
    /// null before.
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

    pub(super) fn from_verified(body: &[u8], secret_index: usize) -> Result<Self, Error> {
        let json = str::from_utf8(body).map_err(|_| not_an_event("expected UTF-8 text"))?;
        let envelope =
            RawObject::parse_lenient(json).ok_or_else(|| not_an_event("expected a JSON object"))?;
        let required = |key: &'static str| {
            envelope
                .get::<String>(key)
                .filter(|value| {
                    !value.is_empty() && value.len() <= MAX_ID && !value.contains(char::is_control)
                })
                .ok_or_else(|| not_an_event(&format!("expected a short string under `{key}`")))
        };
        let (id, event_type) = (required("id")?, required("type")?);
        let data = envelope
            .raw("data")
            .and_then(RawObject::parse_lenient)
            .unwrap_or_default();
        let object = data
            .raw("object")
            .ok_or_else(|| not_an_event("expected `data.object`"))?;
        let previous_attributes = data
            .raw("previous_attributes")
            .filter(|previous| *previous != "null");
        let range = |part: &str| {
            let start = part.as_ptr().addr() - json.as_ptr().addr();
            start..start + part.len()
        };
        Ok(Self {
            id,
            event_type: EventType::from(&*event_type),
            created_at: envelope.get("created_at"),
            object: range(object),
            previous_attributes: previous_attributes.map(range),
            json: json.to_owned(),
            secret_index,
        })
    }
}

/// Far longer than any id or type: they become keys in a store.
const MAX_ID: usize = 255;

/// Shows which event it is, without the personal data in it.
impl fmt::Debug for VerifiedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedEvent")
            .field("id", &self.id)
            .field("event_type", &self.event_type)
            .field("created_at", &self.created_at)
            .field("secret_index", &self.secret_index)
            .finish_non_exhaustive()
    }
}

fn not_an_event(expected: &str) -> Error {
    Error::new(
        ErrorKind::WebhookPayload,
        format!("the webhook's signature holds, but its body is not an event: {expected}"),
    )
}
