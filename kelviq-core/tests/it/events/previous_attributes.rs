//! The previous attributes of an object.

use kelviq_core::{
    Customer, Invoice, InvoiceStatus, Order, OrderStatus, Refund, Subscription, SubscriptionStatus,
};

use crate::events::fixtures::{FIXTURES, event, fixture};

#[test]
fn changed_fields_have_their_previous_values() {
    let customer: Customer = fixture("customer.updated").previous().unwrap().unwrap();
    assert_eq!(customer.name.as_deref(), Some("Mira Adeyemi"));
    assert_eq!(customer.kelviq_customer_id, None);
    let order: Order = fixture("order.refunded").previous().unwrap().unwrap();
    assert_eq!(order.status, Some(OrderStatus::Complete));
    let invoice: Invoice = fixture("invoice.paid").previous().unwrap().unwrap();
    assert_eq!(invoice.status, Some(InvoiceStatus::Open));
}

#[test]
fn a_field_that_was_null_is_among_the_previous_keys() {
    let event = fixture("subscription.updated");
    let before: Subscription = event.previous().unwrap().unwrap();
    assert_eq!(before.status, Some(SubscriptionStatus::Trialing));
    assert_eq!(before.billing_period_start_time, None);
    let changed: Vec<_> = event.previous_keys().collect();
    assert_eq!(changed, ["status", "billing_period_start_time"]);
}

#[test]
fn a_change_of_the_plan_has_the_whole_previous_subscription() {
    let event = fixture("subscription.plan_changed");
    let (before, now): (Subscription, Subscription) =
        (event.previous().unwrap().unwrap(), event.object().unwrap());
    assert_ne!(before.id, now.id);
    assert_eq!(before.plan.unwrap().identifier.as_deref(), Some("solo"));
    assert_eq!(now.plan.unwrap().identifier.as_deref(), Some("studio"));
    assert_eq!(before.amount.unwrap().as_str(), "19.00");
    assert_eq!(before.customer, now.customer);
}

#[test]
fn an_event_without_previous_attributes_has_none() {
    let with: Vec<_> = FIXTURES
        .iter()
        .map(|(event_type, _)| *event_type)
        .filter(|event_type| fixture(event_type).previous_attributes_json().is_some())
        .collect();
    assert_eq!(
        with,
        [
            "customer.updated",
            "order.updated",
            "order.refunded",
            "subscription.updated",
            "subscription.cancelled",
            "subscription.plan_changed",
            "invoice.paid",
        ]
    );
    let event = fixture("refund.updated");
    assert_eq!(event.previous::<Refund>().unwrap(), None);
    assert_eq!(event.previous_keys().count(), 0);
}

#[test]
fn previous_attributes_of_another_type_read_as_none() {
    let event = |previous: &str| {
        event(&format!(
            r#"{{"id":"evt_1","type":"order.updated","data":{{"object":{{}},"previous_attributes":{previous}}}}}"#
        ))
    };
    assert_eq!(event("null").previous::<Order>().unwrap(), None);
    for previous in ["7", "[]", "{}", r#"{"status":[]}"#] {
        let order: Order = event(previous).previous().unwrap().unwrap();
        assert_eq!(order.status, None, "{previous}");
    }
}
