//! Attributes for serde on the struct or enum, which the derive ignores and therefore rejects.

use kelviq_core::CheckoutMetadata;
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize, CheckoutMetadata)]
#[serde(into = "Sent", try_from = "Sent")]
struct Order {
    order_ref: String,
    notes: String,
}

#[derive(Clone, Serialize, Deserialize, CheckoutMetadata)]
#[serde(from = "Order", default, deny_unknown_fields, expecting = "an order")]
struct Sent {
    order_ref: String,
}

#[derive(Serialize, CheckoutMetadata)]
#[serde(transparent, bound = "")]
struct Wrapper {
    order_ref: String,
}

#[derive(Serialize, CheckoutMetadata)]
#[serde(remote = "Duration", rename = "Duration")]
struct Remote {
    #[serde(getter = "Duration::as_secs")]
    #[metadata]
    secs: u64,
}

#[derive(Serialize, CheckoutMetadata)]
#[serde(tag = "type")]
struct Tagged {
    order_ref: String,
}

#[derive(Serialize, CheckoutMetadata)]
#[metadata(tag = "kind")]
#[serde(tag = "kind", content = "order", rename_all_fields(serialize = "camelCase"))]
enum Kind {
    Gift { order_ref: String },
}

#[derive(Serialize, CheckoutMetadata)]
#[metadata(tag = "kind")]
#[serde(untagged)]
enum Untagged {
    Gift { order_ref: String },
}

#[derive(CheckoutMetadata)]
#[metadata(default, tag = "kind")]
enum DefaultOfEnum {
    Gift {
        #[metadata(skip)]
        order_ref: String,
    },
    #[metadata(default)]
    Present,
}

#[derive(Serialize, Deserialize, CheckoutMetadata)]
#[metadata]
#[serde(default, deny_unknown_fields, from = "Order", rename_all = "camelCase")]
struct Confirmed {
    order_ref: String,
}

impl From<Sent> for Order {
    fn from(sent: Sent) -> Self {
        Self { order_ref: sent.order_ref, notes: String::new() }
    }
}

impl From<Order> for Sent {
    fn from(order: Order) -> Self {
        Self { order_ref: order.order_ref }
    }
}

impl From<Order> for Confirmed {
    fn from(order: Order) -> Self {
        Self { order_ref: order.order_ref }
    }
}

impl Default for Confirmed {
    fn default() -> Self {
        Self { order_ref: String::new() }
    }
}

impl Default for Sent {
    fn default() -> Self {
        Self { order_ref: String::new() }
    }
}

use std::time::Duration;

fn main() {}
