//! The buyer.

use axum::{
    extract::FromRequestParts,
    http::{header::COOKIE, request::Parts},
    response::Result,
};
use kelviq_axum::{
    Buyer, Sale, SignIn,
    kelviq_core::{CustomerProfile, ToMetadata},
};

use super::{buyer_access::BuyerAccess, orders::OrderMetadata, state::AppState};

/// The id of the only customer.
pub(super) const CUSTOMER: &str = "cust_1";
/// The cookie that signing in sets.
pub(super) const COOKIE_NAME: &str = "user";

/// The customer, if allowed to buy.
pub(super) struct User;

impl User {
    /// Returns the buyer, or `None` if signing in is required first.
    pub(super) fn identify(access: BuyerAccess, parts: &Parts) -> Option<Self> {
        let mut cookies = parts.headers.get_all(COOKIE).iter();
        let is_signed_in = cookies.any(|cookie| cookie == &format!("{COOKIE_NAME}={CUSTOMER}"));
        (access == BuyerAccess::Anyone || is_signed_in).then_some(Self)
    }
}

impl FromRequestParts<AppState> for User {
    type Rejection = SignIn;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, SignIn> {
        Self::identify(state.access, parts).ok_or_else(|| SignIn::at("/sign-in", parts))
    }
}

impl Buyer for User {
    fn customer(&self) -> Option<CustomerProfile> {
        Some(CustomerProfile::new(CUSTOMER))
    }

    async fn metadata(&self, sale: &Sale<'_>) -> Result<impl ToMetadata> {
        Ok(OrderMetadata {
            order_ref: sale.reference().clone(),
            offer: sale.offer().to_owned(),
            seats: sale.quantity("seats"),
            customer: CUSTOMER.to_owned(),
        })
    }
}
