//! The text of metadata.

use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Metadata};
use serde_json::{Value, value::RawValue};

/// The input is a text that may be metadata.
///
/// - Metadata keeps its text, through serde and in the request that creates a checkout session.
/// - Reading its entries and writing them again gives the same keys and the same text of each value.
/// - It equals the JSON value of its text.
/// - Without any of its keys, it is empty.
///
/// Returns whether the text is metadata.
pub fn metadata(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else {
        return false;
    };
    let Ok(metadata) = Metadata::from_json(text) else {
        return false;
    };
    assert_eq!(metadata.as_json(), text.trim_ascii());
    let json = serde_json::to_string(&metadata).unwrap();
    assert_eq!(json, metadata.as_json());
    assert_eq!(serde_json::from_str::<Metadata>(&json).unwrap(), metadata);
    let plan = CheckoutPlan::new("pro", ChargePeriod::Monthly);
    let request = CreateCheckoutSession::new(plan, "https://app.example.com/");
    if let Ok(request) = request.metadata(&metadata).to_json() {
        assert!(
            request.ends_with(&format!(r#""metadata":{json}}}"#)),
            "{request}"
        );
    }
    if let Ok(value) = serde_json::from_str::<Value>(text)
        && !text.contains("serde_json")
    {
        assert_eq!(metadata, value);
    }
    assert_eq!(metadata.iter().count(), metadata.len());

    let mut rest = metadata.clone();
    rest.remove("a key that is absent");
    let mut copy = Metadata::new();
    copy.merge(&metadata);
    let mut inserted = Metadata::new();
    for (key, _) in &metadata {
        let value = metadata.get_json(key).unwrap();
        assert_eq!(copy.get_json(key), Some(value));
        let raw: &RawValue = serde_json::from_str(value).unwrap();
        if value == "null" {
            inserted.merge(&Metadata::from_json(format!("{{{}:null}}", quoted(key))).unwrap());
        } else {
            inserted.insert(key, raw).unwrap();
        }
        rest.remove(key);
    }
    assert_eq!(inserted, copy);
    assert!(rest.is_empty() && (metadata.is_empty() || rest.as_json() == "{}"));
    let reparsed = Metadata::from_json(copy.as_json()).unwrap();
    assert_eq!(
        reparsed.iter().collect::<Vec<_>>(),
        copy.iter().collect::<Vec<_>>()
    );
    let _ = format!("{metadata:?}");
    true
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}
