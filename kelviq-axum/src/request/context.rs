//! The part of a request that the checkout and the customer portal share.

use std::{fmt, net::IpAddr};

use axum::http::{Method, request::Parts};
use kelviq_core::CheckoutProblem;
use url::Url;

use super::{
    client_ip::{client_ip, is_peer_missing},
    response_format::ResponseFormat,
    same_site::{has_foreign_origin, is_cross_site},
};
use crate::{
    reference::Reference,
    rejection::{Operation, Rejection},
    shop::Shop,
};

/// A validated request: it is for this shop, and not from another site.
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
    /// Returns a [`Rejection`] if the request has the wrong host, or if another site sent it. The rejection has the
    /// reference of the request.
    pub(crate) fn new(operation: Operation, shop: &Shop, parts: &Parts) -> Result<Self, Rejection> {
        let format = ResponseFormat::of(parts);
        let reference = Reference::random().map_err(|error| {
            tracing::error!(%error, "the operating system provides no random numbers");
            Rejection::new(
                operation,
                CheckoutProblem::Internal,
                format,
                shop.public_path(),
            )
        })?;
        let reject = |problem| {
            Rejection::new(operation, problem, format, shop.public_path())
                .with_reference(reference.clone())
        };
        let wrong_address = |reason| {
            tracing::warn!(
                %reference,
                reason,
                "rejected a request: without PUBLIC_URL only direct requests to loopback are served; set PUBLIC_URL to the URL that buyers open, e.g. http://localhost:3000 in development"
            );
            reject(CheckoutProblem::WrongAddress)
        };
        let base = shop.base(parts).map_err(wrong_address)?;
        if is_cross_site(parts, &base, shop.allowed_origins()) {
            // Bounded, because anyone can send these headers.
            let header = |name| {
                let value = parts.headers.get(name)?.as_bytes();
                Some(String::from_utf8_lossy(&value[..value.len().min(100)]).into_owned())
            };
            tracing::warn!(
                %reference,
                expected = base.origin().ascii_serialization(),
                origin = header("origin"),
                sec_fetch_site = header("sec-fetch-site"),
                "rejected a request from another site; if buyers open the application at this origin, set PUBLIC_URL to it; if it is the origin of another page of yours, allow it with Shop::allow_origin"
            );
            return Err(reject(CheckoutProblem::CrossSite));
        }
        // A proxy that rewrites `Host` and adds no header is visible only here.
        if shop.public_url().is_none() && has_foreign_origin(parts, &base, shop.allowed_origins()) {
            return Err(wrong_address(
                "the Origin is not the address of the request, as behind a proxy",
            ));
        }
        if is_peer_missing(parts, shop.client_ip_header()) && shop.is_first_missing_peer() {
            tracing::warn!(
                "the buyer's IP address is unknown, so Kelviq cannot set prices by location: serve the application with \
                 `into_make_service_with_connect_info::<SocketAddr>()`, or set `Shop::trust_client_ip_header` behind a proxy"
            );
        }
        Ok(Self {
            shop: shop.clone(),
            base,
            reference,
            client_ip: client_ip(parts, shop.client_ip_header()),
            format,
            operation,
        })
    }

    /// Rejects every method except `POST`, unless the shop [sells on any method](Shop::sell_on_any_method).
    pub(crate) fn require_post(self, method: &Method) -> Result<Self, Rejection> {
        if method == Method::POST || self.shop.sells_on_any_method() {
            return Ok(self);
        }
        Err(self.reject_method(method))
    }

    /// Logs that the method of the request is rejected, and returns the rejection.
    pub(crate) fn reject_method(&self, method: &Method) -> Rejection {
        tracing::info!(
            reference = %self.reference,
            %method,
            "rejected a request: only POST starts a checkout or opens the portal"
        );
        self.reject(CheckoutProblem::MethodNotAllowed)
    }

    /// Logs that the request for an offer is rejected, and returns the rejection.
    pub(crate) fn reject_offer(&self, offer: Option<&str>, problem: CheckoutProblem) -> Rejection {
        tracing::info!(
            reference = %self.reference,
            offer,
            problem = problem.code(),
            "rejected a request for an offer"
        );
        self.reject(problem)
    }

    /// Returns a rejection with the reference of this request.
    pub(crate) fn reject(&self, problem: CheckoutProblem) -> Rejection {
        Rejection::new(
            self.operation,
            problem,
            self.format,
            self.shop.public_path(),
        )
        .with_reference(self.reference.clone())
    }
}

/// Omits the IP address.
impl fmt::Debug for RequestContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestContext")
            .field("base", &self.base.as_str())
            .field("reference", &self.reference)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}
