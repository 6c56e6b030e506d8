//! The context of a request.

use std::{
    fmt,
    sync::{Arc, Weak},
};

use axum::http::request::Parts;

use super::{erased_offers::ErasedOffers, plain_form::PlainForm, waiting_buyers::WaitingBuyers};

/// A request extension that [`CheckoutLayer`](crate::CheckoutLayer) adds to every request.
#[derive(Clone)]
pub(crate) struct LayerContext {
    pub(crate) offers: Arc<dyn ErasedOffers>,
    pub(crate) waiting_buyers: WaitingBuyers,
    /// The form, if a browser submitted it without JavaScript.
    pub(crate) plain_form: Option<PlainForm>,
    /// Dropped when the request completes or is cancelled.
    pub(crate) connection: Weak<()>,
}

impl LayerContext {
    /// Returns the context of a request. Logs an error and returns `None` if the layer is missing.
    pub(super) fn from_parts(parts: &Parts) -> Option<Self> {
        let context = parts.extensions.get::<Self>().cloned();
        if context.is_none() {
            log_missing_layer();
        }
        context
    }
}

fn log_missing_layer() {
    tracing::error!(
        "kelviq_leptos::CheckoutLayer is missing: add .layer(CheckoutLayer::new(offers)) to the router, \
         after the Leptos routes and the route of the server functions"
    );
}

impl fmt::Debug for LayerContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LayerContext").finish_non_exhaustive()
    }
}
