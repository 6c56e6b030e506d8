//! The customer whom an event is about.

use super::{
    event::VerifiedEvent,
    event_object::{kind_in, kind_of},
};
use crate::json::RawObject;

impl VerifiedEvent {
    /// Returns the application's id of the customer whom the event is about, for an event of any type.
    ///
    /// Kelviq's own id of the customer, which most objects have under the name `customer_id`, is not returned. `None` if the event
    /// has no customer, or one without an id of the application.
    ///
    /// ```
    /// use kelviq_core::VerifiedEvent;
    /// # fn forget_cached_access(user_id: &str) {}
    ///
    /// fn on_event(event: &VerifiedEvent) {
    ///     if let Some(user_id) = event.customer_id() {
    ///         forget_cached_access(&user_id);
    ///     }
    /// }
    /// ```
    pub fn customer_id(&self) -> Option<String> {
        let object = RawObject::parse_lenient(self.object_json())?;
        let id_in = |object: &RawObject<'_>| {
            let id: String = object.get("customer_id")?;
            (!id.trim().is_empty()).then_some(id)
        };
        let customer = object.raw("customer").and_then(RawObject::parse_lenient);
        customer.as_ref().and_then(id_in).or_else(|| {
            // In other objects, this field is Kelviq's id.
            let kind = kind_of(self.event_type()).or_else(|| kind_in(&object));
            matches!(kind, Some("customer" | "payment_method"))
                .then(|| id_in(&object))
                .flatten()
        })
    }
}
