//! The events of the suite.

use kelviq_core::{EventSource, VerifiedEvent};

/// Returns the body of an event that has nothing to do with a checkout.
pub(super) fn body(id: &str) -> String {
    format!(r#"{{"id":"{id}","type":"customer.created","data":{{"object":{{}}}}}}"#)
}

/// Returns the body of a `checkout.completed` with the session id `cs_{id}`.
pub(super) fn checkout_body(id: &str) -> String {
    format!(
        r#"{{"id":"{id}","type":"checkout.completed","data":{{"object":{{"id":"cs_{id}","metadata":{{}}}}}}}}"#
    )
}

pub(super) fn event(id: &str) -> VerifiedEvent {
    parse(&body(id))
}

pub(super) fn checkout(id: &str) -> VerifiedEvent {
    parse(&checkout_body(id))
}

fn parse(body: &str) -> VerifiedEvent {
    let source = EventSource::Delivery { secret_index: 0 };
    match kelviq_core::__internal::stored_event(body.as_bytes(), source) {
        Ok(event) => event,
        Err(error) => panic!("the suite's own event is invalid: {error}"),
    }
}
