//! A checkout session.

use std::{sync::Arc, time::SystemTime};

use kelviq_core::Metadata;
use serde_json::Value;
use url::Url;

use super::{event::Event, price::Price, raw_json::with_raw_field};

/// A checkout session that [`FakeKelviq`](super::FakeKelviq) has created.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FakeCheckout {
    /// The session's id, `cs_…`.
    pub id: String,
    /// The request body, exactly as received.
    pub received: String,
    /// The fields of the request as an object with camelCase names, without the metadata. Unknown fields have their
    /// original names.
    pub fields: Value,
    /// The metadata, with its JSON text exactly as received. Empty if the request had none.
    pub metadata: Metadata,
    /// Whether the session has been paid.
    pub is_paid: bool,
}

impl FakeCheckout {
    /// Returns a field of the request if it is a string.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.as_str()
    }

    /// Returns the identifier of the plan.
    pub(crate) fn plan(&self) -> &str {
        self.text("planIdentifier").unwrap_or_default()
    }

    /// Serializes an object with the session's metadata added.
    pub(crate) fn json_with_metadata(&self, object: &Value) -> String {
        with_raw_field(object, "metadata", self.metadata.as_json())
    }
}

/// A checkout session with the fake's own data about it.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) checkout: FakeCheckout,
    /// The app's id of the customer, or a generated one if the request had none.
    pub(crate) customer_id: String,
    pub(crate) price: Price,
    pub(crate) created: SystemTime,
    /// The events of the payment, once the session is paid.
    pub(crate) events: Vec<Arc<Event>>,
    /// The subscription or one-time purchase, once the session is paid.
    pub(crate) subscription_id: Option<String>,
}

impl Session {
    /// Returns the start page of the shop: the origin of the success URL.
    pub(crate) fn shop(&self) -> Option<Url> {
        Url::parse(self.checkout.text("successUrl")?)
            .ok()?
            .join("/")
            .ok()
    }

    /// Returns whether the buyer cannot change the email address.
    pub(crate) fn is_email_locked(&self) -> bool {
        self.checkout
            .fields
            .get("lockEmail")
            .and_then(Value::as_bool)
            == Some(true)
    }
}

/// Turns the identifier of a plan or a feature into a name: `pro-plan` into `Pro Plan`.
pub(crate) fn display_name(identifier: &str) -> String {
    let words: Vec<String> = identifier
        .split(['-', '_', ' '])
        .filter(|word| !word.is_empty())
        .map(|word| {
            let mut rest = word.chars();
            let first = rest.next().map(|c| c.to_uppercase().to_string());
            first.unwrap_or_default() + rest.as_str()
        })
        .collect();
    words.join(" ")
}
