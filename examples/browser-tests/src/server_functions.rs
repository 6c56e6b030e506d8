//! The application's own server functions.

use kelviq_leptos::{BuyerRedirect, CheckoutError};
use leptos::prelude::*;

use crate::order::Order;

/// Sells any number of seats, without an offer.
#[server(endpoint = "buy_seats")]
pub(crate) async fn buy_seats(seats: u32) -> Result<BuyerRedirect, CheckoutError> {
    crate::server::buy_seats::buy_seats(seats).await
}

#[server(endpoint = "find_order")]
#[allow(clippy::unused_async, reason = "server functions must be async")]
pub(crate) async fn find_order(reference: String) -> Result<Option<Order>, ServerFnError> {
    Ok(crate::server::orders::find_order(&reference))
}

/// Returns a price after a delay.
#[server(endpoint = "find_price")]
pub(crate) async fn find_price() -> Result<String, ServerFnError> {
    Ok(crate::server::price::find_price().await)
}
