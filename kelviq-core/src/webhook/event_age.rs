//! Whether the object of an event is older than one that was seen.

use jiff::Timestamp;

use super::event::VerifiedEvent;
use crate::json::RawObject;

impl VerifiedEvent {
    /// Returns `true` if the object of the event is older than one whose `modified_on` was `seen`.
    ///
    /// Events can arrive out of order: a `subscription.updated` before its `subscription.created`, and an old state after
    /// a new one. An application that stores the state of an object stores its `modified_on` beside it, and skips events
    /// whose object is older.
    ///
    /// Both times are compared as instants, whatever their offsets and precision are. If the object has no `modified_on`,
    /// or one of the two is not in RFC 3339 format, the object does not count as older, so that no event is lost.
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use kelviq_core::{Error, Subscription, TimeText, VerifiedEvent};
    ///
    /// /// `seen` has the `modified_on` of each subscription.
    /// fn on_subscription(event: &VerifiedEvent, seen: &mut HashMap<String, TimeText>) -> Result<(), Error> {
    ///     let subscription: Subscription = event.object()?;
    ///     let Some(id) = subscription.id else { return Ok(()) };
    ///     if seen.get(&id).is_some_and(|seen| event.is_older_than(seen)) {
    ///         return Ok(());
    ///     }
    ///     println!("subscription {id} is {:?}", subscription.status);
    ///     if let Some(modified_on) = subscription.modified_on {
    ///         seen.insert(id, modified_on);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn is_older_than(&self, seen: &str) -> bool {
        let object = RawObject::parse_lenient(self.object_json()).unwrap_or_default();
        let modified_on: Option<String> = object.get("modified_on");
        let instant = |text: &str| text.trim().parse::<Timestamp>().ok();
        match (modified_on.as_deref().and_then(instant), instant(seen)) {
            (Some(modified_on), Some(seen)) => modified_on < seen,
            _ => false,
        }
    }
}
