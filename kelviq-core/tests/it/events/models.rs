//! The fields of each object.

use kelviq_core::{
    BillingType, CheckoutCompleted, Customer, DecimalText, EventData, EventType, FeatureType,
    Invoice, InvoiceStatus, Order, OrderStatus, PaymentMethod, PaymentMethodStatus, Refund,
    RefundReason, RefundStatus, SessionStatus, Subscription, SubscriptionStatus, ThresholdType,
    UsageAlert,
};

use crate::events::fixtures::{
    APP_CUSTOMER_ID, FIXTURES, KELVIQ_CUSTOMER_ID, event, event_about, fixture,
};

fn text(value: Option<&String>) -> &str {
    value.unwrap()
}

fn decimal(value: Option<&DecimalText>) -> &str {
    value.unwrap().as_str()
}

#[test]
fn every_type_has_its_variant() {
    for (event_type, _) in FIXTURES {
        let event = fixture(event_type);
        assert_eq!(event.event_type().as_str(), *event_type);
        assert!(!matches!(event.event_type(), EventType::Other(_)));
        assert!(!matches!(event.data(), EventData::Other { .. }));
    }
    assert_eq!(FIXTURES.len(), 19);
}

#[test]
fn the_two_ids_of_a_customer_are_not_confused() {
    for (event_type, _) in FIXTURES {
        let data: EventData = fixture(event_type).data();
        let customer = data.customer().unwrap();
        assert_eq!(
            text(customer.kelviq_customer_id.as_ref()),
            KELVIQ_CUSTOMER_ID
        );
        assert_eq!(text(customer.customer_id.as_ref()), APP_CUSTOMER_ID);
        // The object's own `customer_id` is Kelviq's id in some objects and the application's id in others.
        match data {
            EventData::CheckoutCompleted(CheckoutCompleted {
                kelviq_customer_id: id,
                ..
            })
            | EventData::OrderCreated(Order {
                kelviq_customer_id: id,
                ..
            })
            | EventData::OrderUpdated(Order {
                kelviq_customer_id: id,
                ..
            })
            | EventData::OrderRefunded(Order {
                kelviq_customer_id: id,
                ..
            })
            | EventData::InvoiceCreated(Invoice {
                kelviq_customer_id: id,
                ..
            })
            | EventData::InvoicePaid(Invoice {
                kelviq_customer_id: id,
                ..
            })
            | EventData::InvoicePaymentFailed(Invoice {
                kelviq_customer_id: id,
                ..
            }) => {
                assert_eq!(text(id.as_ref()), KELVIQ_CUSTOMER_ID);
            }
            EventData::PaymentMethodCreated(PaymentMethod {
                customer_id: id, ..
            })
            | EventData::PaymentMethodUpdated(PaymentMethod {
                customer_id: id, ..
            })
            | EventData::PaymentMethodDeleted(PaymentMethod {
                customer_id: id, ..
            }) => {
                assert_eq!(text(id.as_ref()), APP_CUSTOMER_ID);
            }
            _ => {}
        }
    }
}

#[test]
fn a_checkout_has_its_metadata() {
    let session: CheckoutCompleted = fixture("checkout.completed").object().unwrap();
    assert_eq!(text(session.session_id.as_ref()), "cs_fixture0001");
    assert_eq!(session.status, Some(SessionStatus::Success));
    assert_eq!(session.checkout_type, Some(BillingType::Subscription));
    assert_eq!(session.discount_code.as_deref(), Some("SPRING"));
    let metadata = session.metadata.unwrap();
    assert_eq!(metadata.get_json("order_ref"), Some(r#""R-2041""#));
    assert_eq!(metadata.get_json("seats"), Some("3"));
    let plan = session.plan.unwrap();
    assert_eq!(text(plan.identifier.as_ref()), "studio");
    assert_eq!(plan.version, Some(7));
    let data = session.data.unwrap();
    assert_eq!(data.tax_behavior.as_deref(), Some("INCLUSIVE"));
    assert_eq!(data.discounts_enabled, Some(true));
    assert!(session.features.unwrap().as_json().contains("\"seats\""));
}

#[test]
fn a_customer_has_metadata_of_its_own() {
    let customer: Customer = fixture("customer.created").object().unwrap();
    let metadata = customer.metadata.unwrap();
    assert_eq!(metadata.get_json("source"), Some(r#""trade fair""#));
    assert_eq!(customer.subscriptions, Some(2));
    assert!(customer.details.unwrap().as_json().contains("vat_checked"));
    let address = customer.billing_address.unwrap();
    assert_eq!(address.postal_code.as_deref(), Some("3011 WK"));
}

#[test]
fn amounts_keep_their_decimal_text_and_minor_units() {
    let checkout: CheckoutCompleted = fixture("checkout.completed").object().unwrap();
    assert_eq!(decimal(checkout.amount.as_ref()), "87.50");
    let invoice: Invoice = fixture("invoice.created").object().unwrap();
    assert_eq!(decimal(invoice.amount_total.as_ref()), "87.5");
    assert_eq!(invoice.amount_total_units, Some(8750));
    let refund: Refund = fixture("refund.created").object().unwrap();
    assert_eq!(decimal(refund.amount.as_ref()), "12.0");
    // The two can differ, so neither is derived from the other.
    let subscription: Subscription = fixture("subscription.created").object().unwrap();
    assert_eq!(decimal(subscription.amount.as_ref()), "87.52");
    assert_eq!(subscription.amount_units, Some(8750));
}

#[test]
fn a_decimal_is_read_from_a_string_or_a_number_without_changing_a_digit() {
    let amount = |json: &str| {
        let refund: Refund = event_about("refund.created", &format!(r#"{{"amount":{json}}}"#))
            .object()
            .unwrap();
        refund.amount.map(|amount| amount.to_string())
    };
    for (json, text) in [
        (r#""10.00""#, "10.00"),
        ("10.00", "10.00"),
        ("0.1", "0.1"),
        ("-3.50", "-3.50"),
        ("40", "40"),
        (r#""\u0031""#, "1"),
        (
            "9007199254740993.000000000000000001",
            "9007199254740993.000000000000000001",
        ),
    ] {
        assert_eq!(amount(json).as_deref(), Some(text), "{json}");
    }
    for json in [
        r#""""#,
        r#""-""#,
        r#""1.""#,
        r#"".5""#,
        r#""+1""#,
        r#""1,000.00""#,
        r#""1.2.3""#,
        r#"" 1""#,
        r#""NaN""#,
        r#""١""#,
        "1e3",
        "true",
        "[1]",
        "null",
    ] {
        assert_eq!(amount(json), None, "{json}");
    }
}

#[test]
fn minor_units_are_whole_numbers_only() {
    let units = |json: &str| {
        let refund: Refund =
            event_about("refund.created", &format!(r#"{{"amount_units":{json}}}"#))
                .object()
                .unwrap();
        refund.amount_units
    };
    assert_eq!(units("-9223372036854775808"), Some(i64::MIN));
    for json in ["9223372036854775808", "12.5", "1e3", "\"1e3\""] {
        assert_eq!(units(json), None, "{json}");
    }
}

#[test]
fn statuses_and_other_enums_have_known_values() {
    let order: Order = fixture("order.refunded").object().unwrap();
    assert_eq!(order.status, Some(OrderStatus::PartialRefund));
    assert_eq!(order.billing_type, Some(BillingType::Subscription));
    assert_eq!(order.is_renewal, Some(true));
    let subscription: Subscription = fixture("subscription.cancelled").object().unwrap();
    assert_eq!(subscription.status, Some(SubscriptionStatus::Canceled));
    assert_eq!(subscription.recurrence.as_deref(), Some("3 months"));
    let invoice: Invoice = fixture("invoice.payment_failed").object().unwrap();
    assert_eq!(invoice.status, Some(InvoiceStatus::PaymentFailed));
    assert!(invoice.payment_link.unwrap().starts_with("https://"));
    let refund: Refund = fixture("refund.updated").object().unwrap();
    assert_eq!(refund.status, Some(RefundStatus::Succeeded));
    assert_eq!(refund.reason, Some(RefundReason::Duplicate));
}

#[test]
fn a_value_in_another_case_is_another_value() {
    let order: Order = event_about("order.updated", r#"{"status":"complete"}"#)
        .object()
        .unwrap();
    assert_eq!(
        order.status,
        Some(OrderStatus::Other("complete".to_owned()))
    );
}

#[test]
fn a_usage_alert_counts_in_decimals() {
    let alert: UsageAlert = fixture("feature.usage_alert").object().unwrap();
    assert_eq!(decimal(alert.usage_limit.as_ref()), "200");
    assert_eq!(decimal(alert.current_usage.as_ref()), "151.5");
    assert_eq!(decimal(alert.threshold_value.as_ref()), "75");
    assert_eq!(alert.threshold_type, Some(ThresholdType::Percentage));
    let feature = alert.feature.unwrap();
    assert_eq!(text(feature.identifier.as_ref()), "exports");
    assert_eq!(feature.feature_type, Some(FeatureType::Meter));
}

#[test]
fn a_payment_method_has_a_number_for_an_id() {
    let method: PaymentMethod = fixture("payment_method.created").object().unwrap();
    assert_eq!(method.id, Some(90817));
    assert_eq!(method.status, Some(PaymentMethodStatus::RequiresAction));
    assert_eq!(method.method_type.as_deref(), Some("card"));
    let data = method.method_data.unwrap();
    assert_eq!(data.last4.as_deref(), Some("0707"));
    assert_eq!((data.exp_month, data.exp_year), (Some(11), Some(2041)));
}

#[test]
fn a_type_that_is_not_known_can_be_read_as_an_object_that_is() {
    let event = event_about("subscription.renewed", r#"{"status":"active"}"#);
    let subscription: Subscription = event.object().unwrap();
    assert_eq!(subscription.status, Some(SubscriptionStatus::Active));
}

#[test]
fn the_key_of_a_checkout_is_the_session_id_or_else_the_event_id() {
    let long = format!(r#"{{"id":"{}"}}"#, "a".repeat(256));
    for (object, key) in [
        (r#"{"id":"cs_1"}"#, "cs_1"),
        (r#"{"id":17}"#, "17"),
        (r#"{"id":""}"#, "evt_1"),
        (r#"{"id":" "}"#, "evt_1"),
        (
            r#"{"id":"cs\n1"}"#,
            "sha256:0dfc1bf396808686b9b7f0c6964d4c51226c0c349e54dd175c6032cd30823380",
        ),
        (
            &long,
            "sha256:02d7160d77e18c6447be80c2e355c7ed4388545271702c50253b0914c65ce5fe",
        ),
        (r#"{"id":null}"#, "evt_1"),
        (r#"{"id":[]}"#, "evt_1"),
        ("{}", "evt_1"),
        ("null", "evt_1"),
    ] {
        let event = event_about("checkout.completed", object);
        assert_eq!(
            event.object::<CheckoutCompleted>().unwrap().key(),
            key,
            "{object}"
        );
        let EventData::CheckoutCompleted(session) = event.data() else {
            panic!("expected a checkout");
        };
        assert_eq!(session.key(), key, "{object}");
    }
    let event = event(r#"{"id":"evt_2","type":"checkout.completed"}"#);
    assert_eq!(event.object::<CheckoutCompleted>().unwrap().key(), "evt_2");
}
