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

fn main() {}
