//! What the library's own server functions do.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, Method, header::ACCEPT, request::Parts};
use kelviq_axum::ReturnPath;
use leptos::prelude::use_context;

use super::{answer::fail, layer::Provided};
use crate::{CheckoutError, CheckoutProblem, CheckoutRedirect};

pub(crate) async fn sell_offer(
    offer: &str,
    quantity: BTreeMap<String, String>,
    page: Option<String>,
) -> Result<CheckoutRedirect, CheckoutError> {
    let (provided, mut parts) = request(page)?;
    let quantities = quantity.into_iter().collect();
    match provided.seller.sell(offer, &quantities, &mut parts).await {
        Ok(redirect) => provided.send_to(redirect.checkout_url()),
        Err(refused) => provided.refuse(refused),
    }
}

pub(crate) async fn open_portal(page: Option<String>) -> Result<CheckoutRedirect, CheckoutError> {
    let (provided, mut parts) = request(page)?;
    match provided.seller.open_portal(&mut parts).await {
        Ok(redirect) => provided.send_to(redirect.portal_url()),
        Err(refused) => provided.refuse(refused),
    }
}

/// What the layer provides, and the request as the buyer's extractor should see it: a browser's, whose buyer comes back to
/// the page with the button.
pub(super) fn request(page: Option<String>) -> Result<(Provided, Parts), CheckoutError> {
    let Some(mut parts) = use_context::<Parts>() else {
        tracing::error!(
            "a checkout was asked for outside of a server function that leptos_axum serves"
        );
        return Err(CheckoutProblem::Internal.into());
    };
    let Some(provided) = parts.extensions.get::<Provided>().cloned() else {
        tell_that_the_layer_is_missing();
        return Err(fail(CheckoutProblem::Internal));
    };
    if parts.method != Method::POST {
        // Links and pictures of other sites can make a browser send the others.
        tracing::warn!(method = %parts.method, "refused: a checkout takes a server function that is called by POST");
        return Err(fail(CheckoutProblem::CrossSite));
    }
    let page = match &provided.plain {
        Some(form) => Some(form.page().clone()),
        None => page.and_then(ReturnPath::new),
    };
    if let Some(page) = page {
        parts.extensions.insert(page);
    }
    parts
        .headers
        .insert(ACCEPT, HeaderValue::from_static("text/html"));
    Ok((provided, parts))
}

pub(super) fn tell_that_the_layer_is_missing() {
    tracing::error!(
        "kelviq_leptos::CheckoutLayer is missing: add .layer(CheckoutLayer::new(offers)) to the router, \
         after the Leptos routes and the route of the server functions"
    );
}
