//! A signed-in user, whose id is in a header instead of a session.

use axum::{extract::FromRequestParts, http::request::Parts, response::Result};
use kelviq_axum::{
    Buyer, Sale, SignIn,
    kelviq_core::{CheckoutMetadata, CustomerProfile, ToMetadata},
};

pub(crate) struct User {
    id: String,
}

impl<S: Send + Sync> FromRequestParts<S> for User {
    type Rejection = SignIn;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SignIn> {
        let id = parts.headers.get("x-user");
        match id.and_then(|id| id.to_str().ok()) {
            Some(id) => Ok(Self { id: id.to_owned() }),
            None => Err(SignIn::at("/sign-in", parts)),
        }
    }
}

#[derive(CheckoutMetadata)]
struct OrderMetadata<'a> {
    order_ref: &'a str,
    offer: &'a str,
    seats: Option<u32>,
    note: Option<&'a str>,
}

impl Buyer for User {
    fn customer(&self) -> Option<CustomerProfile> {
        (self.id != "nobody").then(|| CustomerProfile::new(&self.id))
    }

    fn lock_email(&self) -> Option<bool> {
        Some(true)
    }

    async fn metadata(&self, sale: &Sale<'_>) -> Result<impl ToMetadata> {
        Ok(OrderMetadata {
            order_ref: sale.reference().as_str(),
            offer: sale.offer(),
            seats: sale.quantity("seats"),
            note: sale.field("note"),
        })
    }
}
