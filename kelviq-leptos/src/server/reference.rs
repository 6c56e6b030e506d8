//! The references of errors that occur before a checkout has one.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use axum::{extract::FromRequestParts, http::request::Parts};
use kelviq_axum::{Checkout, Shop};
use leptos::prelude::use_context;

use super::context::LayerContext;

/// Returns a random reference for an error of a request, to log it and to show it to the buyer.
///
/// It is the reference of a `Checkout` that is not used. If the request is invalid, the rejection of the `Checkout` has
/// been logged with the same reference.
pub(crate) fn new_reference(shop: &Shop, parts: &mut Parts) -> Option<String> {
    let checkout = pin!(Checkout::from_request_parts(parts, shop));
    // The extractor never waits.
    match checkout.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(checkout)) => Some(checkout.reference().to_string()),
        Poll::Ready(Err(rejection)) => rejection.reference().map(ToString::to_string),
        Poll::Pending => None,
    }
}

/// Returns a random reference for an error of the current server function. `None` if there is no layer, and in a task
/// that has no Leptos context.
pub(super) fn reference_of_error() -> Option<String> {
    let mut parts = use_context::<Parts>()?;
    let context = parts.extensions.get::<LayerContext>()?.clone();
    new_reference(context.offers.shop(), &mut parts)
}
