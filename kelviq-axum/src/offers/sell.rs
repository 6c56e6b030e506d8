//! Sells an offer to the buyer of a request.

use std::future::ready;

use axum::{extract::FromRequestParts, http::request::Parts};
use kelviq_core::{CheckoutPlan, CheckoutProblem, ToMetadata};

use super::{
    buyer::Buyer, catalogue::Offers, requested_quantities::RequestedQuantities,
    return_path::ReturnPath, sale::Sale, sell_error::SellError, sold_quantities::SoldQuantities,
};
use crate::{
    checkout::{
        builder::CheckoutBuilder, item::Item, purchase::PurchaseKey, redirect::CheckoutRedirect,
    },
    rejection::{Operation, Rejection},
    request::context::RequestContext,
};

impl<B: Buyer> Offers<B> {
    /// Sells an offer like [`routes`](crate::routes), for requests outside of these routes, such as calls of a server
    /// function.
    ///
    /// # Errors
    ///
    /// Returns [`SellError::Buyer`] with the rejection of the buyer's extractor, or [`SellError::Rejection`]:
    ///
    /// - 404 if there is no offer with this name.
    /// - 403 if a page of another site sent the request.
    /// - 400 if the shop is [on loopback](crate::Shop::on_loopback) and the request is not a direct request to loopback.
    /// - 405 for any method except `POST`, unless the shop [sells on any method](crate::Shop::sell_on_any_method).
    /// - 422 if the offer does not allow a quantity.
    /// - 500, 502, 503 or 504 if Kelviq creates no session, or its URL has a host that is not allowed.
    pub async fn sell<S>(
        &self,
        name: &str,
        quantities: &RequestedQuantities,
        parts: &mut Parts,
        state: &S,
    ) -> Result<CheckoutRedirect, SellError>
    where
        B: FromRequestParts<S>,
        S: Send + Sync,
    {
        let context = RequestContext::new(Operation::Checkout, self.shop(), parts)?
            .require_post(&parts.method)?;
        let quantities = ready(Ok(quantities.clone()));
        // The caller sets the return path.
        self.sell_with(context, name, quantities, |_, _, _| None, parts, state)
            .await
    }

    /// Sells an offer.
    ///
    /// `requested` is not polled before the offer is found, so that the body of a rejected request is not read. `return_path` creates the path that the buyer returns to after signing in.
    pub(super) async fn sell_with<S>(
        &self,
        context: RequestContext,
        name: &str,
        requested: impl Future<Output = Result<RequestedQuantities, CheckoutProblem>> + Send,
        return_path: fn(&Parts, &str, &SoldQuantities) -> Option<ReturnPath>,
        parts: &mut Parts,
        state: &S,
    ) -> Result<CheckoutRedirect, SellError>
    where
        B: FromRequestParts<S>,
        S: Send + Sync,
    {
        let offer = self
            .find(name)
            .map_err(|problem| context.reject_offer(None, problem))?;
        let reject = |problem| context.reject_offer(Some(name), problem);
        let requested = requested.await.map_err(reject)?;
        let quantities = offer.choose(&requested).map_err(reject)?;
        if let Some(path) = return_path(parts, context.shop.public_path(), &quantities) {
            parts.extensions.insert(path);
        }
        let buyer = B::from_request_parts(parts, state)
            .await
            .map_err(SellError::buyer)?;
        let plan = offer.plan_with(&quantities);
        Ok(self.create(name, plan, quantities, context, buyer).await?)
    }

    async fn create(
        &self,
        name: &str,
        plan: CheckoutPlan,
        quantities: SoldQuantities,
        context: RequestContext,
        buyer: B,
    ) -> Result<CheckoutRedirect, Rejection> {
        let mut builder = CheckoutBuilder::new(context, plan, Item::Offer(name.to_owned()))
            .success_path(&self.catalogue.success_path)
            .with_purchase_key(PurchaseKey::of_buyer::<B>(&buyer.purchase_key()));
        if let Some(customer_id) = buyer.customer_id() {
            builder = builder.customer_id(customer_id);
        }
        if let Some(lock_email) = buyer.lock_email() {
            builder = builder.lock_email(lock_email);
        }
        if let Some(path) = &self.catalogue.cancel_path {
            builder = builder.cancel_path(path);
        }
        let name = name.to_owned();
        let metadata = move |reference: &_| {
            let sale = Sale::new(&name, reference, &quantities);
            Some(buyer.metadata(&sale).to_metadata())
        };
        builder.redirect_with(metadata).await
    }
}
