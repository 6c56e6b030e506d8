//! The events, and the order in which they are delivered.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use exactly_once::BoxError;

use crate::effect::Effect;

/// An event with its body, and the effect that it should have.
pub(crate) struct TestEvent {
    pub(crate) id: String,
    pub(crate) body: String,
    pub(crate) effect: Effect,
}

/// Returns a number of different events. Of ten, seven are paid checkouts, one announces the checkout before it under
/// another id, and two have other types.
pub(crate) fn events(number: usize) -> Vec<TestEvent> {
    (0..number).map(event).collect()
}

fn event(index: usize) -> TestEvent {
    let id = format!("evt_{index:07}");
    let created_at = SystemTime::now().duration_since(UNIX_EPOCH);
    let created_at = created_at.map_or(0, |time| time.as_secs());
    let (event_type, checkout) = match index % 10 {
        0..=6 => ("checkout.completed", Some(index)),
        7 => ("checkout.completed", Some(index - 1)),
        8 => ("subscription.created", None),
        _ => ("customer.updated", None),
    };
    let (effect, object) = if let Some(checkout) = checkout {
        let (key, order_ref) = (format!("cs_{checkout:07}"), format!("order-{checkout}"));
        let object = json!({
            "id": key,
            "status": "success",
            "amount": "10.00",
            "amount_units": 1000,
            "currency": "USD",
            "metadata": { "order_ref": order_ref },
            "customer": { "customer_id": format!("user-{checkout}") },
        });
        (Effect { key, order_ref }, object)
    } else {
        let (key, order_ref) = (id.clone(), String::new());
        (
            Effect { key, order_ref },
            json!({ "id": format!("object-{index}") }),
        )
    };
    let body = json!({ "id": id, "type": event_type, "created_at": created_at, "data": { "object": object } });
    TestEvent {
        body: body.to_string(),
        id,
        effect,
    }
}

/// Returns the indexes of the events in the order of their deliveries: each at least once, the others by chance.
pub(crate) fn deliveries(number: usize, events: usize) -> Result<Vec<usize>, BoxError> {
    let mut deliveries: Vec<usize> = (0..events).collect();
    while deliveries.len() < number {
        deliveries.push(random_below(events)?);
    }
    for last in (1..deliveries.len()).rev() {
        deliveries.swap(last, random_below(last + 1)?);
    }
    Ok(deliveries)
}

fn random_below(limit: usize) -> Result<usize, BoxError> {
    let random = usize::try_from(getrandom::u32()?)?;
    Ok(random % limit)
}
