//! The visitor, who is identified by a cookie.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use sha2::{Digest, Sha256};

/// A visitor, identified by the token in the cookie.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    customer_id: String,
}

impl Visitor {
    /// Creates a visitor from the token in the cookie.
    ///
    /// The customer id is a hash of the token, so the token cannot be derived from an id seen at Kelviq or on a page.
    pub(super) fn from_token(token: &str) -> Self {
        let hash = hex::encode(Sha256::digest(format!("storefront visitor {token}")));
        Self {
            customer_id: format!("visitor-{}", &hash[..32]),
        }
    }

    pub(crate) fn customer_id(&self) -> &str {
        &self.customer_id
    }
}

/// Reads the visitor that `identify_visitor` has stored in the request's extensions.
impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let visitor = parts.extensions.get().cloned();
        visitor.ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
