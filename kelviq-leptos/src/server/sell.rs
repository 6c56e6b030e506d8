//! The bodies of the library's server functions.

use std::collections::BTreeMap;

use super::request::checkout_request;
use crate::{buyer_redirect::BuyerRedirect, checkout_error::CheckoutError};

/// Sells an offer to the buyer who sent the request.
pub(crate) async fn sell_offer(
    offer: &str,
    quantity: BTreeMap<String, String>,
    page: Option<String>,
) -> Result<BuyerRedirect, CheckoutError> {
    let (context, mut parts) = checkout_request(page)?;
    let quantities = quantity.into_iter().collect();
    match context.offers.sell(offer, &quantities, &mut parts).await {
        Ok(redirect) => context.redirect_to(redirect.checkout_url()),
        Err(error) => context.handle_error(error),
    }
}

/// Opens the customer portal of the buyer who sent the request.
pub(crate) async fn open_portal(page: Option<String>) -> Result<BuyerRedirect, CheckoutError> {
    let (context, mut parts) = checkout_request(page)?;
    match context.offers.open_portal(&mut parts).await {
        Ok(redirect) => context.redirect_to(redirect.portal_url()),
        Err(error) => context.handle_error(error),
    }
}
