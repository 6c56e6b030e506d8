//! The server side of the server function `buy_seats`.

use axum::http::request::Parts;
use kelviq_axum::kelviq_core::ChargePeriod;
use kelviq_leptos::{BuyerRedirect, CheckoutError, checkout};
use leptos::prelude::*;

use super::{
    buyer::{CUSTOMER, User},
    buyer_access::BuyerAccess,
    orders::OrderMetadata,
};

pub(crate) async fn buy_seats(seats: u32) -> Result<BuyerRedirect, CheckoutError> {
    let checkout = checkout().await?;
    if User::identify(expect_context::<BuyerAccess>(), &expect_context::<Parts>()).is_none() {
        return checkout.sign_in_at("/sign-in?next=/plans");
    }
    let metadata = OrderMetadata {
        order_ref: checkout.reference().clone(),
        offer: "extra".to_owned(),
        seats: Some(seats),
        customer: CUSTOMER.to_owned(),
    };
    checkout
        .plan("extra", ChargePeriod::Yearly)
        .customer(CUSTOMER)
        .quantity("seats", seats)
        .success_path("/thanks")
        .metadata(&metadata)
        .redirect()
        .await
}
