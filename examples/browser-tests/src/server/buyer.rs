//! Who buys.

use axum::{
    extract::FromRequestParts,
    http::{header::COOKIE, request::Parts},
};
use kelviq_axum::{Buyer, Sale, SignIn, kelviq_core::ToMetadata};

use super::{app::App, orders::OrderMetadata};

/// Who may buy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Everybody is the same customer.
    Open,
    /// Buyers must sign in first.
    SignIn,
}

/// The customer of the open door, and the one who signs in.
pub(super) const CUSTOMER: &str = "cust_1";
/// The cookie of those who have signed in.
pub(super) const COOKIE_NAME: &str = "user";

pub(super) struct User;

impl User {
    pub(super) fn recognise(door: Door, parts: &Parts) -> Option<Self> {
        let mut cookies = parts.headers.get_all(COOKIE).iter();
        let is_signed_in = cookies.any(|cookie| cookie == &format!("{COOKIE_NAME}={CUSTOMER}"));
        (door == Door::Open || is_signed_in).then_some(Self)
    }
}

impl FromRequestParts<App> for User {
    type Rejection = SignIn;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, SignIn> {
        Self::recognise(app.door, parts).ok_or_else(|| SignIn::at("/sign-in", parts))
    }
}

impl Buyer for User {
    fn customer_id(&self) -> Option<&str> {
        Some(CUSTOMER)
    }

    fn metadata(&self, sale: &Sale<'_>) -> impl ToMetadata {
        OrderMetadata {
            order_ref: sale.reference().clone(),
            offer: sale.offer().to_owned(),
            seats: sale.quantity("seats"),
            customer: CUSTOMER.to_owned(),
        }
    }
}
