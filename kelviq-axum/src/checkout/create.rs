//! The creation of a checkout session.

use kelviq_core::{
    __internal::{created_session, session_request},
    CheckoutProblem, Metadata, MetadataError,
};
use url::Url;

use super::{
    builder::CheckoutBuilder, create_error::CreateError, redirect::CheckoutRedirect,
    return_urls::ReturnUrls,
};
use crate::{
    address::path::join,
    failure_log::log_failure,
    metrics,
    rejection::{Rejection, is_discount_code_declined, problem_of},
};

impl CheckoutBuilder {
    /// Creates the session. The sale is prepared first, and then `metadata` is polled, so that no order is stored for a refused
    /// customer.
    pub(super) async fn create<F>(
        mut self: Box<Self>,
        urls: ReturnUrls,
        metadata: impl Future<Output = Result<Option<Result<Metadata, MetadataError>>, F>>,
    ) -> Result<CheckoutRedirect, CreateError<F>> {
        self.prepare().await.map_err(CreateError::Rejection)?;
        let metadata = metadata.await.map_err(CreateError::Metadata)?;
        let redirect = self.create_with(urls, metadata).await;
        redirect.map_err(CreateError::Rejection)
    }

    async fn create_with(
        self: Box<Self>,
        mut urls: ReturnUrls,
        metadata: Option<Result<Metadata, MetadataError>>,
    ) -> Result<CheckoutRedirect, Rejection> {
        let context = self.context;
        let reference = &context.reference;
        let (offer, plan) = (self.item.offer(), self.item.plan());
        let has_code = self.plan.has_discount_code();
        urls.add_reference(reference);
        let mut request = session_request(self.plan, urls.success, urls.cancel, metadata);
        if let Some(customer) = &self.customer {
            request = request.customer_id(customer.customer_id());
        }
        if let Some(lock_email) = self.lock_email {
            request = request.lock_email(lock_email);
        }
        if let Some(address) = context.client_ip {
            request = request.ip_address(address);
        }
        let session = created_session(context.shop.kelviq(), &request).await;
        let (checkout_url, session_id) = session.map_err(|error| {
            let problem = if has_code && is_discount_code_declined(&error) {
                CheckoutProblem::InvalidDiscountCode
            } else {
                problem_of(&error)
            };
            if problem == CheckoutProblem::InvalidDiscountCode && offer.is_none() {
                // A handler takes the code from the buyer. The code of an offer is the application's.
                log_failure!(info, &error, { %reference, plan, }, "a discount code was declined");
            } else {
                // Kelviq can have created a session whose response was not received.
                log_failure!(
                    error,
                    &error,
                    { %reference, offer, plan, },
                    "the checkout could not be started"
                );
            }
            context.reject(problem).with_error(error)
        })?;
        let valid = context.shop.validate_redirect(&checkout_url);
        valid.map_err(|problem| {
            tracing::error!(
                %reference,
                session_id,
                offer,
                plan,
                problem,
                "the URL of the checkout session is invalid"
            );
            context.reject(CheckoutProblem::Upstream)
        })?;
        tracing::info!(%reference, session_id, offer, plan, "checkout session created");
        metrics::session_created();
        let sessions = context.shop.sessions();
        sessions.insert(reference, &session_id).await;
        Ok(CheckoutRedirect {
            checkout_url,
            session_id,
            reference: context.reference,
            format: context.format,
        })
    }

    /// Returns the URLs that the buyer returns to, without the reference.
    pub(super) fn return_urls(&self) -> Result<ReturnUrls, Rejection> {
        let cancel_path = self.cancel_path.as_ref();
        Ok(ReturnUrls {
            success: self.url(&self.success_path)?,
            cancel: cancel_path.map(|path| self.url(path)).transpose()?,
        })
    }

    pub(super) fn url(&self, path: &str) -> Result<Url, Rejection> {
        join(&self.context.base, path).ok_or_else(|| {
            tracing::error!(
                reference = %self.context.reference,
                offer = self.item.offer(),
                plan = self.item.plan(),
                path,
                "a success, cancel or portal path must begin with / and must not have a query parameter `reference`"
            );
            self.context.reject(CheckoutProblem::Internal)
        })
    }
}
