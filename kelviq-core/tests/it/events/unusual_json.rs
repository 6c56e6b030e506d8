//! Valid JSON that JSON libraries often reject, which must not fail a delivery.

use kelviq_core::{
    CheckoutCompleted, Customer, EventData, Metadata, PaymentMethod, PaymentMethodStatus,
};

use crate::events::fixtures::{deliver_bytes, event, event_about};

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
    for metadata in ["true", "[1]", "\"text\"", "1e999", r#"{"\ud800":1}"#] {
        let session = paid(&format!(r#"{{"metadata":{metadata},"id":"cs_1"}}"#));
        assert_eq!(session.metadata.unwrap_err().raw(), Some(metadata));
        assert_eq!(session.session_id.as_deref(), Some("cs_1"));
    }
}

#[test]
fn metadata_that_is_missing_or_empty_has_no_entries() {
    for object in [
        "{}",
        r#"{"metadata":null}"#,
        r#"{"metadata":{}}"#,
        r#"{"metadata":[]}"#,
        r#"{"metadata":[ ]}"#,
    ] {
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
    let customer: Customer = event.object().unwrap();
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

#[test]
fn a_whole_number_can_have_a_zero_fraction_or_be_text() {
    for (json, units) in [
        ("2100", Some(2100)),
        ("2100.0", Some(2100)),
        ("2100.00", Some(2100)),
        (r#""2100""#, Some(2100)),
        (r#""2100.0""#, Some(2100)),
        ("-5", Some(-5)),
        ("9007199254740993.0", Some(9_007_199_254_740_993)),
        ("2100.5", None),
        (r#""2,100""#, None),
        (r#""2100 USD""#, None),
        (r#""""#, None),
        (r#"".0""#, None),
        ("99999999999999999999", None),
        ("true", None),
        ("[2100]", None),
    ] {
        let session = paid(&format!(r#"{{"amount_units":{json},"id":"cs_1"}}"#));
        assert_eq!(session.amount_units, units, "{json}");
        assert_eq!(session.session_id.as_deref(), Some("cs_1"));
    }
}

#[test]
fn a_text_can_be_a_number() {
    let session = paid(
        r#"{"id":123456789012345678901234567890,"customer_id":7,"currency":978,"discount_code":10.50,
            "plan":{"identifier":-1},"customer":{"customer_id":42},"status":5,"created_on":1700000000}"#,
    );
    let text = |text: &'static str| Some(text.to_owned());
    assert_eq!(session.session_id, text("123456789012345678901234567890"));
    assert_eq!(session.kelviq_customer_id, text("7"));
    assert_eq!(session.currency, text("978"));
    assert_eq!(session.discount_code, text("10.50"));
    assert_eq!(session.plan.unwrap().identifier, text("-1"));
    assert_eq!(session.customer.unwrap().customer_id, text("42"));
    assert_eq!(session.status, Some("5".into()));
    assert_eq!(session.created_on.as_deref(), Some("1700000000"));
}

#[test]
fn an_event_can_have_a_number_as_its_id_and_time() {
    let event =
        event(r#"{"id":7,"type":"order.created","created_at":1700000000.5,"data":{"object":{}}}"#);
    assert_eq!(event.id(), "7");
    assert_eq!(
        event.created_at().map(kelviq_core::TimeText::as_str),
        Some("1700000000.5")
    );
}

#[test]
fn a_number_and_a_boolean_can_be_text() {
    let method: PaymentMethod = event_about(
        "payment_method.created",
        r#"{"id":"913","is_default":"true","status":"succeeded","data":{"exp_year":"2030"}}"#,
    )
    .object()
    .unwrap();
    assert_eq!((method.id, method.is_default), (Some(913), Some(true)));
    assert_eq!(method.status, Some(PaymentMethodStatus::Succeeded));
}

#[test]
fn a_byte_order_mark_before_an_event_is_ignored() {
    let body = r#"{"id":"evt_1","type":"order.created","data":{"object":{"id":"ORD-1"}}}"#;
    let marked = format!("\u{feff}{body}");
    let event = event(&marked);
    assert_eq!(event.as_json(), body);
    assert_eq!(event.object_json(), r#"{"id":"ORD-1"}"#);
    assert_eq!(event.raw_body(), marked.as_bytes());
}

#[test]
fn a_body_that_is_not_utf_8_is_read_with_replacement_characters_and_kept() {
    let body = b"{\"id\":\"evt_1\",\"type\":\"customer.created\",\"data\":{\"object\":{\"name\":\"Zo\xeb\",\"id\":\"c_1\"}}}";
    let event = deliver_bytes(body).unwrap();
    let customer: Customer = event.object().unwrap();
    assert_eq!(customer.name.as_deref(), Some("Zo\u{fffd}"));
    assert_eq!(customer.kelviq_customer_id.as_deref(), Some("c_1"));
    assert_eq!(event.raw_body(), body);
    assert_eq!(
        event.as_json().as_bytes(),
        String::from_utf8_lossy(body).as_bytes()
    );
}
