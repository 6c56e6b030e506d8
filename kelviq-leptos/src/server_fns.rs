//! The server functions of [`CheckoutButton`](crate::CheckoutButton) and [`PortalButton`](crate::PortalButton).

use leptos::prelude::*;

use crate::{buyer_redirect::BuyerRedirect, checkout_error::CheckoutError};

/// Sells an offer. The layer reads the form's other fields: `quantity[…]` for each quantity that the buyer chooses.
///
/// `page` is the page to return to after signing in. Only the browser's script sends it; the URL of a plain form has
/// it.
#[server(endpoint = "kelviq/checkout")]
pub(crate) async fn sell_offer(
    offer: String,
    #[server(default)] page: Option<String>,
) -> Result<BuyerRedirect, CheckoutError> {
    crate::server::sell::sell_offer(&offer, page).await
}

/// Opens the customer portal. `page` is as in [`sell_offer`].
#[server(endpoint = "kelviq/portal")]
pub(crate) async fn open_portal(
    #[server(default)] page: Option<String>,
) -> Result<BuyerRedirect, CheckoutError> {
    crate::server::sell::open_portal(page).await
}
