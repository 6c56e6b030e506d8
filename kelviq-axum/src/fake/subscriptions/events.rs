//! The events of subscriptions, with every field of the examples in Kelviq's documentation.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use super::subscription::Subscription;
use crate::fake::{
    customers::customer::Customer,
    event::Event,
    product::{ORGANIZATION, PRODUCT, PRODUCT_NAME},
    session::display_name,
    timestamp::{date_of, rfc3339},
};

/// Creates the event of a new subscription.
pub(crate) fn created(subscription: &Subscription, customer: &Customer) -> Event {
    let object = object(subscription, customer).to_string();
    Event::new("subscription.created", &object, subscription.modified)
}

/// Creates the event of a change: `subscription.cancelled` if the subscription was canceled, otherwise
/// `subscription.updated`.
pub(crate) fn changed(before: &Subscription, after: &Subscription, customer: &Customer) -> Event {
    let is_canceled = before.status != "canceled" && after.status == "canceled";
    let kind = if is_canceled {
        "subscription.cancelled"
    } else {
        "subscription.updated"
    };
    let (before, object) = (object(before, customer), object(after, customer));
    let previous: Map<String, Value> = before
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, value)| *name != "modified_on" && object[*name] != **value)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Event::change(kind, &object, &Value::Object(previous), after.modified)
}

fn object(subscription: &Subscription, customer: &Customer) -> Value {
    let time = |time: Option<SystemTime>| time.map(rfc3339);
    let start = Some(subscription.start);
    json!({
        "id": subscription.id,
        "object": "subscription",
        "status": subscription.status,
        "plan": {
            "name": display_name(&subscription.plan),
            "version": 1,
            "identifier": subscription.plan,
        },
        "product": {"id": PRODUCT, "name": PRODUCT_NAME},
        "amount": subscription.price.amount(),
        "amount_units": subscription.price.units,
        "currency": subscription.price.currency,
        "recurrence": subscription.period.recurrence(),
        "start_date": date_of(subscription.start).to_string(),
        "end_date": subscription.end_date.map(|date| date.to_string()),
        "billing_period_start_time": time(start),
        "billing_period_end_time": time(subscription.period_end),
        "trial_start": time(subscription.trial_end.and(start)),
        "trial_end": time(subscription.trial_end),
        "customer": customer.event_json(),
        "features": subscription.features,
        "organization": ORGANIZATION,
        "created_on": rfc3339(subscription.start),
        "modified_on": rfc3339(subscription.modified),
    })
}
