//! The part of a request that the checkout and the customer portal share.

use std::net::IpAddr;

use axum::http::request::Parts;
use kelviq_core::CheckoutProblem;
use url::Url;

use super::{client_ip::client_ip, response_format::ResponseFormat, same_site::is_cross_site};
use crate::{
    reference::Reference,
    rejection::{Operation, Rejection},
    shop::Shop,
};

/// A validated request: it is for this shop, and not from another site.
#[derive(Debug)]
pub(crate) struct RequestContext {
    pub(crate) shop: Shop,
    /// The URL that success and cancel paths are joined to. It ends with a slash.
    pub(crate) base: Url,
    /// A new random reference.
    pub(crate) reference: Reference,
    /// The buyer's public IP address, if it is known.
    pub(crate) client_ip: Option<IpAddr>,
    /// The format of the response.
    pub(crate) format: ResponseFormat,
    operation: Operation,
}

impl RequestContext {
    /// Validates a request.
    ///
    /// # Errors
    ///
    /// Returns a [`Rejection`] if the request has the wrong host, or if another site sent it.
    pub(crate) fn new(operation: Operation, shop: &Shop, parts: &Parts) -> Result<Self, Rejection> {
        let format = ResponseFormat::of(parts);
        let reject = |problem| Rejection::new(operation, problem, format);
        let base = shop.base(parts).map_err(reject)?;
        if is_cross_site(parts, &base) {
            let header = |name| parts.headers.get(name).map(|value| format!("{value:?}"));
            tracing::warn!(
                expected = base.origin().ascii_serialization(),
                origin = header("origin"),
                sec_fetch_site = header("sec-fetch-site"),
                "rejected a request from another site"
            );
            return Err(reject(CheckoutProblem::CrossSite));
        }
        let reference = Reference::random().map_err(|error| {
            tracing::error!(%error, "the operating system provides no random numbers");
            reject(CheckoutProblem::Internal)
        })?;
        Ok(Self {
            shop: shop.clone(),
            base,
            reference,
            client_ip: client_ip(parts, shop.client_ip_header()),
            format,
            operation,
        })
    }

    /// Returns a rejection with the reference of this request.
    pub(crate) fn reject(&self, problem: CheckoutProblem) -> Rejection {
        Rejection::new(self.operation, problem, self.format).with_reference(self.reference.clone())
    }
}
