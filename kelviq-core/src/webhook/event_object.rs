//! The trait of the objects that events contain.

use super::event_type::EventType;
use crate::{
    error::{Error, ErrorKind},
    json::RawObject,
};

/// The object of an event, such as [`Order`](crate::Order) or [`Subscription`](crate::Subscription).
///
/// [`VerifiedEvent::object`](crate::VerifiedEvent::object) and
/// [`VerifiedEvent::previous`](crate::VerifiedEvent::previous) return types with this trait. The trait is sealed, so
/// other crates cannot implement it.
///
/// ```
/// use std::fmt::Debug;
/// use kelviq_core::{Error, EventObject, Subscription, VerifiedEvent};
///
/// fn log_change<T: EventObject + Debug>(event: &VerifiedEvent) -> Result<(), Error> {
///     println!("{:?} became {:?}", event.previous::<T>()?, event.object::<T>()?);
///     Ok(())
/// }
///
/// fn on_subscription(event: &VerifiedEvent) -> Result<(), Error> {
///     log_change::<Subscription>(event)
/// }
/// ```
pub trait EventObject: sealed::FromJson {
    /// The kind of the object: the value of `object` in its JSON.
    #[doc(hidden)]
    const KIND: &'static str;

    /// Adds the id of the event that contains the object.
    #[doc(hidden)]
    #[must_use]
    fn with_event_id(self, _event_id: &str) -> Self
    where
        Self: Sized,
    {
        self
    }
}

/// The kinds of the types that implement [`EventObject`].
const KINDS: [&str; 8] = [
    "checkout_session",
    "customer",
    "feature_usage_alert",
    "invoice",
    "order",
    "payment_method",
    "refund",
    "subscription",
];

/// Checks that the object of an event can be read as `T`. The object of an unknown type of event can, unless its JSON names
/// another known kind.
pub(super) fn check_kind<T: EventObject>(
    event_type: &EventType,
    object_json: &str,
) -> Result<(), Error> {
    let in_json = || kind_in(&RawObject::parse_lenient(object_json)?);
    match kind_of(event_type).or_else(in_json) {
        Some(kind) if kind != T::KIND => Err(Error::new(
            ErrorKind::EventObject,
            format!(
                "the object of a `{event_type}` event cannot be read as `{}`: its kind is `{kind}`, not `{}`",
                T::NAME,
                T::KIND,
            ),
        )),
        _ => Ok(()),
    }
}

/// Returns the kind that the JSON of an object names, if it is a known one.
pub(super) fn kind_in(object: &RawObject<'_>) -> Option<&'static str> {
    let kind: String = object.get("object")?;
    KINDS.into_iter().find(|known| *known == kind)
}

/// Returns the kind of the objects of a known type of event.
pub(super) fn kind_of(event_type: &EventType) -> Option<&'static str> {
    let kind = match event_type.as_str().split_once('.')?.0 {
        _ if matches!(event_type, EventType::Other(_)) => return None,
        "checkout" => "checkout_session",
        "feature" => "feature_usage_alert",
        other => other,
    };
    KINDS.into_iter().find(|known| *known == kind)
}

pub(super) mod sealed {
    use crate::{
        json::{Lenient, RawObject},
        model::Model,
    };

    #[expect(
        unnameable_types,
        reason = "a supertrait that cannot be named seals the trait"
    )]
    pub trait FromJson {
        /// The name of the type.
        const NAME: &'static str;

        fn from_json(json: &str) -> Self;
    }

    impl<T: Model> FromJson for T {
        const NAME: &'static str = T::NAME;

        /// Reads JSON other than an object like an empty object.
        fn from_json(json: &str) -> Self {
            T::read(json).unwrap_or_else(|| T::read_fields(&RawObject::default()))
        }
    }
}
