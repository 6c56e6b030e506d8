//! The bodies of the library's server functions.

use kelviq_axum::FormFields;

use super::request::checkout_request;
use crate::{buyer_redirect::BuyerRedirect, checkout_error::CheckoutError};

/// Sells an offer to the buyer who sent the request.
pub(crate) async fn sell_offer(
    offer: &str,
    page: Option<String>,
) -> Result<BuyerRedirect, CheckoutError> {
    let (context, mut parts) = checkout_request(page)?;
    // Without the layer, `checkout_request` has returned an error.
    let fields: FormFields = parts.extensions.remove().unwrap_or_default();
    match context.offers.sell(offer, &fields, &mut parts).await {
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
