//! The buyer: a visitor who is identified by a cookie. This shop has no accounts.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::Result,
};
use kelviq_axum::{Buyer, Sale};
use kelviq_core::{CustomerProfile, ToMetadata};
use sha2::{Digest, Sha256};

use super::order_metadata::OrderMetadata;
use crate::plan::{Plan, SEATS};

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

impl Buyer for Visitor {
    fn customer(&self) -> Option<CustomerProfile> {
        Some(CustomerProfile::new(&self.customer_id))
    }

    async fn metadata(&self, sale: &Sale<'_>) -> Result<impl ToMetadata> {
        let plan = Plan::from_offer_name(sale.offer());
        Ok(plan.map(|plan| OrderMetadata {
            order_ref: sale.reference().clone(),
            plan,
            customer_id: self.customer_id.clone(),
            seats: sale.quantity(SEATS),
        }))
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
