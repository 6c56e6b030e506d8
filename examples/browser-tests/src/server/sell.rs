//! What the application's own server functions do.

use std::time::Duration;

use axum::http::request::Parts;
use kelviq_axum::kelviq_core::ChargePeriod;
use kelviq_leptos::{BuyerRedirect, CheckoutError, checkout};
use leptos::prelude::*;
use tokio::time::sleep;

use super::{
    buyer::{CUSTOMER, Door, User},
    orders::OrderMetadata,
};

pub(crate) async fn buy_seats(seats: u32) -> Result<BuyerRedirect, CheckoutError> {
    let checkout = checkout().await?;
    if User::recognise(expect_context::<Door>(), &expect_context::<Parts>()).is_none() {
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
        .customer_id(CUSTOMER)
        .quantity("seats", seats)
        .success_path("/thanks")
        .metadata(&metadata)
        .redirect()
        .await
}

/// As late as from a database that is busy: long after the rest of the page has been rendered.
pub(crate) async fn find_price() -> String {
    sleep(Duration::from_millis(300)).await;
    "29.00 USD each month".to_owned()
}
