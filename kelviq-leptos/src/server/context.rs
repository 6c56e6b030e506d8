//! The context of a request.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use axum::http::{HeaderValue, request::Parts};
use tokio::sync::watch;

use super::{
    erased_offers::ErasedOffers, form_numbers::FormNumbers, mount::Mount, plain_form::PlainForm,
    waiting_buyers::WaitingBuyers,
};

/// A request extension that [`CheckoutLayer`](crate::CheckoutLayer) adds to every request.
#[derive(Clone)]
pub(crate) struct LayerContext {
    pub(crate) offers: Arc<dyn ErasedOffers>,
    pub(crate) waiting_buyers: WaitingBuyers,
    /// The form, if a browser submitted it without JavaScript.
    pub(crate) plain_form: Option<PlainForm>,
    pub(crate) redirect: RedirectSlot,
    pub(crate) mount: Mount,
    pub(crate) form_numbers: FormNumbers,
    /// Closed when the request completes or is cancelled.
    pub(crate) client: watch::Receiver<()>,
}

impl LayerContext {
    /// Returns the context of a request. Logs an error and returns `None` if the layer is missing or there is no
    /// request.
    pub(super) fn from_parts(parts: Option<&Parts>) -> Option<Self> {
        let context = parts.and_then(|parts| parts.extensions.get::<Self>().cloned());
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
        // The URL of a customer portal gives access to the customer's account.
        f.debug_struct("LayerContext").finish_non_exhaustive()
    }
}

/// The URL of the last redirect of a request. Clones share it.
///
/// Only `LayerContext::redirect_to` writes it, and only the layer reads it, after the server function. A script receives
/// the URL as the returned value. For a form without JavaScript, the layer needs the slot: the response body cannot be
/// distinguished from that of another server function, and a `Location` header can be that of any other resource.
///
/// It is not in `ResponseOptions`, which a spawned task does not have and which the server function can overwrite.
#[derive(Clone, Default)]
pub(crate) struct RedirectSlot(Arc<Mutex<Option<HeaderValue>>>);

impl RedirectSlot {
    pub(super) fn set(&self, url: HeaderValue) {
        // Nothing panics while the mutex is locked.
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(url);
    }

    pub(crate) fn take(&self) -> Option<HeaderValue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
