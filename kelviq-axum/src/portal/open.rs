//! Opens the customer portal for a request.

use axum::{extract::FromRequestParts, http::request::Parts};
use kelviq_core::{CheckoutProblem, Error, ErrorKind};
use url::Url;

use super::redirect::PortalRedirect;
use crate::{
    failure_log::log_failure,
    offers::{buyer::Buyer, sell_error::SellError},
    rejection::{Operation, Rejection, problem_of},
    request::context::RequestContext,
    shop::Shop,
};

impl Shop {
    /// Opens the customer portal for the buyer `B`, like [`portal`](crate::portal), for requests outside of that route, such
    /// as calls of a server function.
    ///
    /// # Errors
    ///
    /// Returns [`SellError::Buyer`] with the rejection of the buyer's extractor, or [`SellError::Rejection`]:
    ///
    /// - 403 if a page of another site sent the request.
    /// - 400 if the shop is [on loopback](crate::Shop::on_loopback) and the request is not a direct request to loopback.
    /// - 405 for any method except `POST`, unless the shop [sells on any method](crate::Shop::sell_on_any_method).
    /// - 404 if the buyer has no customer id, or has no customer with an email address at Kelviq.
    /// - 500, 502, 503 or 504 if Kelviq does not open the portal, or its URL has a host that is not allowed.
    pub async fn open_portal<B, S>(
        &self,
        parts: &mut Parts,
        state: &S,
    ) -> Result<PortalRedirect, SellError>
    where
        B: Buyer + FromRequestParts<S>,
        S: Send + Sync,
    {
        let context =
            RequestContext::new(Operation::Portal, self, parts)?.require_post(&parts.method)?;
        // The caller sets the return path.
        let buyer = B::from_request_parts(parts, state)
            .await
            .map_err(SellError::buyer)?;
        Ok(open(&buyer, &context).await?)
    }
}

/// Creates a portal session and validates its URL.
async fn open(buyer: &impl Buyer, context: &RequestContext) -> Result<PortalRedirect, Rejection> {
    let reference = &context.reference;
    let Some(customer) = buyer.customer() else {
        tracing::info!(%reference, "the portal was requested by a buyer without a customer id");
        return Err(context.reject(CheckoutProblem::NoCustomer));
    };
    let session = context
        .shop
        .kelviq()
        .create_portal_session(customer.customer_id())
        .await
        .map_err(|error| {
            let problem = portal_problem_of(&error);
            if problem == CheckoutProblem::NoCustomer {
                tracing::info!(%reference, "the portal was requested by a buyer who is not a customer yet");
            } else {
                log_failure!(error, &error, { %reference, }, "the portal could not be opened");
            }
            context.reject(problem).with_error(error)
        })?;
    let url = Url::parse(&session.signed_url())
        .map_err(|_| "the redirect URL is invalid".to_owned())
        .and_then(|url| context.shop.validate_redirect(&url).map(|()| url))
        .map_err(|problem| {
            tracing::error!(%reference, problem, "the URL of the portal session is invalid");
            context.reject(CheckoutProblem::Upstream)
        })?;
    tracing::info!(%reference, "customer portal opened");
    Ok(PortalRedirect {
        url,
        reference: reference.clone(),
        format: context.format,
    })
}

/// Kelviq reports an unknown customer as an error of the field `customerId`.
fn portal_problem_of(error: &Error) -> CheckoutProblem {
    let mut fields = error.field_errors().iter();
    let is_unknown = fields.any(|error| error.field == "customerId");
    if error.kind() == ErrorKind::Api && is_unknown {
        CheckoutProblem::NoCustomer
    } else {
        problem_of(error)
    }
}
