//! Validation of the body of `POST /checkout/`.

use kelviq_core::Metadata;
use serde_json::{Map, Value, json};

use super::{fields::CHECKOUT_FIELDS, request_body::RequestBody};

/// A valid request for a checkout session.
pub(super) struct CheckoutRequest {
    /// The fields by camelCase name, without the metadata. Unknown fields have their original names.
    pub(super) fields: Map<String, Value>,
    pub(super) metadata: Metadata,
}

/// Validates a request body.
///
/// # Errors
///
/// Returns the body of the 400 response, with an entry for each invalid field.
pub(super) fn validate(body: &str) -> Result<CheckoutRequest, Value> {
    let mut body = RequestBody::read(body, CHECKOUT_FIELDS)?;
    if body.is_given("customAmount") {
        for name in ["taxBehavior", "currencyCode"] {
            if !body.is_given(name) {
                body.set_error(name, json!(["Required with customAmount."]));
            }
        }
    }
    let metadata = match body.take("metadata") {
        None => Metadata::new(),
        Some(json) => Metadata::from_json(json).unwrap_or_else(|_| {
            body.set_error("metadata", json!(["Must be an object with Unicode keys."]));
            Metadata::new()
        }),
    };
    Ok(CheckoutRequest {
        fields: body.into_fields()?,
        metadata,
    })
}
