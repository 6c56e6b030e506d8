//! Attributes for serde, which the derive ignores and therefore rejects.

use kelviq_core::CheckoutMetadata;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, CheckoutMetadata)]
#[serde(rename_all = "camelCase")]
struct Order {
    #[serde(rename = "ref")]
    order_ref: String,
    #[serde(skip)]
    notes: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    coupon: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notices: Vec<String>,
    #[serde(rename(serialize = "written", deserialize = "read"))]
    two_names: String,
    #[serde(skip_serializing)]
    never_written: String,
    #[serde(serialize_with = "serialize_cents")]
    cents: u64,
    #[serde(rename = "from")]
    #[metadata(rename = "source")]
    said_for_both: String,
    #[serde(default)]
    #[metadata]
    sent_as_it_is: String,
}

#[derive(Serialize, Deserialize, CheckoutMetadata)]
#[metadata(tag = "kind", rename_all = "snake_case")]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Kind {
    #[serde(rename = "present")]
    Gift,
}

fn serialize_cents<S: serde::Serializer>(cents: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(*cents)
}

#[derive(Serialize, Deserialize, CheckoutMetadata)]
struct Renamed {
    #[serde(rename(deserialize = "read", serialize = "written"))]
    reading_first: String,
    #[serde(rename(deserialize = "read_too"))]
    only_reading: String,
    #[serde(rename(serialize = "same", deserialize = "same"))]
    same_names: String,
}

fn main() {}
