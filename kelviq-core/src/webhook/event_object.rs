//! The trait of the objects that events contain.

/// The object of an event, such as [`Order`](crate::Order) or [`Subscription`](crate::Subscription).
///
/// [`VerifiedEvent::object`](crate::VerifiedEvent::object) and
/// [`VerifiedEvent::previous`](crate::VerifiedEvent::previous) return types with this trait. The trait is sealed, so
/// other crates cannot implement it.
///
/// ```
/// use std::fmt::Debug;
/// use kelviq_core::{EventObject, Subscription, VerifiedEvent};
///
/// fn log_change<T: EventObject + Debug>(event: &VerifiedEvent) {
///     println!("{:?} became {:?}", event.previous::<T>(), event.object::<T>());
/// }
///
/// fn on_subscription(event: &VerifiedEvent) {
///     log_change::<Subscription>(event);
/// }
/// ```
pub trait EventObject: sealed::FromJson {
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

mod sealed {
    use crate::{json::RawObject, model::Model};

    #[expect(
        unnameable_types,
        reason = "a supertrait that cannot be named seals the trait"
    )]
    pub trait FromJson {
        fn from_json(json: &str) -> Self;
    }

    impl<T: Model> FromJson for T {
        /// Reads JSON other than an object like an empty object.
        fn from_json(json: &str) -> Self {
            T::read_fields(&RawObject::parse_lenient(json).unwrap_or_default())
        }
    }
}
