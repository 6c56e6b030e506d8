//! Valid JSON that JSON libraries often reject, which must not fail a delivery.

use kelviq_core::{CheckoutCompleted, Customer, EventData, Metadata};

use crate::events::fixtures::{event, event_about};

fn paid(object: &str) -> CheckoutCompleted {
    match event_about("checkout.completed", object).data() {
        EventData::CheckoutCompleted(session) => session,
        other => panic!("{other:?}"),
    }
}

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[test]
fn metadata_keeps_its_text() {
    for value in [
        "1e999",
        "-0.0",
        "123456789012345678901234567890",
        r#""\ud800""#,
        r#""\u0000""#,
        &nested(100_000),
        r#"{"a":1,"a":2}"#,
    ] {
        let metadata = format!(r#"{{ "key" : {value} }}"#);
        let session = paid(&format!(r#"{{"metadata":{metadata},"id":"cs_1"}}"#));
        assert_eq!(session.metadata.unwrap().as_json(), metadata);
        assert_eq!(session.session_id.as_deref(), Some("cs_1"));
    }
}

#[test]
fn metadata_other_than_an_object_is_an_error_with_the_text() {
    for metadata in ["true", "[]", "\"text\"", "1e999", r#"{"\ud800":1}"#] {
        let session = paid(&format!(r#"{{"metadata":{metadata},"id":"cs_1"}}"#));
        assert_eq!(session.metadata.unwrap_err().raw(), Some(metadata));
        assert_eq!(session.session_id.as_deref(), Some("cs_1"));
    }
}

#[test]
fn metadata_that_is_missing_or_null_has_no_entries() {
    for object in ["{}", r#"{"metadata":null}"#, r#"{"metadata":{}}"#] {
        assert_eq!(paid(object).metadata, Ok(Metadata::new()));
    }
}

#[test]
fn a_value_that_cannot_be_read_affects_no_other_field() {
    for value in [r#""\ud800""#, "1e999", &nested(100_000)] {
        let session = paid(&format!(
            r#"{{"id":"cs_1","status":{value},"customer":{value},"amount":{value},"amount_units":{value},
                "plan":{{"name":{value},"identifier":"pro"}},"data":{value},"currency":"USD"}}"#
        ));
        assert_eq!(session.session_id.as_deref(), Some("cs_1"));
        assert_eq!(session.status, None);
        assert_eq!(session.customer, None);
        assert_eq!(session.amount, None);
        assert_eq!(session.amount_units, None);
        assert_eq!(session.data, None);
        assert_eq!(session.currency.as_deref(), Some("USD"));
        let plan = session.plan.unwrap();
        assert_eq!((plan.name, plan.identifier.as_deref()), (None, Some("pro")));
    }
}

#[test]
fn a_key_that_cannot_be_read_affects_no_other_key() {
    let event = event(
        r#"{"\ud800":1,"id":"evt_1","type":"customer.updated","data":{"\udfff":2,"object":{"\ud800":{},"\u0069d":"c_1",
            "billing_address":{"\ud800":3,"country":"NL"}},"previous_attributes":{"\ud800":4,"name":"A"}}}"#,
    );
    assert_eq!(event.id(), "evt_1");
    let customer: Customer = event.object();
    assert_eq!(customer.kelviq_customer_id.as_deref(), Some("c_1"));
    let address = customer.billing_address.unwrap();
    assert_eq!(address.country.as_deref(), Some("NL"));
    assert_eq!(event.previous_keys().collect::<Vec<_>>(), ["name"]);
}

#[test]
fn the_raw_object_is_unchanged() {
    let object = r#"{ "b":1.10,"a" : "\u00e9" , "b":1e999 }"#;
    let event = event(&format!(
        " {{\"id\":\"evt_1\",\n\"type\":\"order.created\",\"data\":{{\"object\": {object} }}}} "
    ));
    assert_eq!(event.object_json(), object);
    assert_eq!(event.previous_attributes_json(), None);
}
