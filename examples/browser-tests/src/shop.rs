//! The server functions of the application's own.

use kelviq_leptos::{BuyerRedirect, CheckoutError};
use leptos::prelude::*;

use crate::Order;

/// Sells seats, however many the buyer wants: an offer that no `Offers` knows.
#[server(endpoint = "buy_seats")]
pub(crate) async fn buy_seats(seats: u32) -> Result<BuyerRedirect, CheckoutError> {
    crate::server::buy_seats(seats).await
}

#[server(endpoint = "find_order")]
#[allow(clippy::unused_async, reason = "server functions are async")]
pub(crate) async fn find_order(reference: String) -> Result<Option<Order>, ServerFnError> {
    Ok(crate::server::find_order(&reference))
}

/// A price that takes its time.
#[server(endpoint = "find_price")]
pub(crate) async fn find_price() -> Result<String, ServerFnError> {
    Ok(crate::server::find_price().await)
}
