//! Sells an offer to the buyer of a request.

use std::future::ready;

use axum::{extract::FromRequestParts, http::request::Parts};
use kelviq_core::CheckoutProblem;

use super::{
    buyer::Buyer, buyer_metadata::metadata_of, catalogue::Offers, choice::Choice,
    form_fields::FormFields, offer::Offer, return_path::ReturnPath, sale::Sale,
    sell_error::SellError,
};
use crate::{
    checkout::{
        builder::CheckoutBuilder, create_error::CreateError, item::Item, purchase::PurchaseKey,
        redirect::CheckoutRedirect,
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
    /// Returns [`SellError::Buyer`] with the rejection of the buyer's extractor or the error of [`Buyer::metadata`], or
    /// [`SellError::Rejection`]:
    ///
    /// - 404 if there is no offer with this name.
    /// - 403 if a page of another site sent the request.
    /// - 400 if the shop is [on loopback](crate::Shop::on_loopback) and the request is not a direct request to loopback.
    /// - 405 for any method except `POST`, unless the shop [sells on any method](crate::Shop::sell_on_any_method).
    /// - 409 if the offer [refuses subscribers](crate::Offer::refuse_subscribers) and the customer has a subscription already.
    /// - 422 if the offer does not allow a quantity, or a field that it allows is invalid.
    /// - 500, 502, 503 or 504 if Kelviq creates no session, or its URL has a host that is not allowed.
    pub async fn sell<S>(
        &self,
        name: &str,
        fields: &FormFields,
        parts: &mut Parts,
        state: &S,
    ) -> Result<CheckoutRedirect, SellError>
    where
        B: FromRequestParts<S>,
        S: Send + Sync,
    {
        let context = RequestContext::new(Operation::Checkout, self.shop(), parts)?
            .require_post(&parts.method)?;
        let fields = ready(Ok(fields.clone()));
        // The caller sets the return path.
        self.sell_with(context, name, fields, |_, _, _| None, parts, state)
            .await
    }

    /// Sells an offer.
    ///
    /// `form` is not polled before the offer is found, so that the body of a rejected request is not read. `return_path`
    /// creates the path that the buyer returns to after signing in.
    pub(super) async fn sell_with<S>(
        &self,
        context: RequestContext,
        name: &str,
        form: impl Future<Output = Result<FormFields, CheckoutProblem>> + Send,
        return_path: fn(&Parts, &str, &Choice) -> Option<ReturnPath>,
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
        let form = form
            .await
            .map_err(|problem| context.reject_offer(Some(name), problem))?;
        let choice = offer
            .choose(&form)
            .map_err(|invalid| invalid.reject(name, &context))?;
        if let Some(path) = return_path(parts, context.shop.public_path(), &choice) {
            parts.extensions.insert(path);
        }
        let buyer = B::from_request_parts(parts, state)
            .await
            .map_err(SellError::buyer)?;
        self.create(name, offer, choice, context, buyer).await
    }

    async fn create(
        &self,
        name: &str,
        offer: &Offer,
        choice: Choice,
        context: RequestContext,
        buyer: B,
    ) -> Result<CheckoutRedirect, SellError> {
        let (format, reference) = (context.format, context.reference.clone());
        let plan = offer.plan_with(&choice.quantities);
        let mut builder = CheckoutBuilder::new(context, plan, Item::Offer(name.to_owned()))
            .success_path(&self.catalogue.success_path)
            .with_refused_plans(offer.refused_plans().clone());
        if let Some(customer) = buyer.customer() {
            let key = PurchaseKey::of_buyer::<B>(&(buyer.purchase_key(), &choice.texts));
            builder = builder.customer(customer).with_purchase_key(key);
        }
        if let Some(lock_email) = buyer.lock_email() {
            builder = builder.lock_email(lock_email);
        }
        if let Some(path) = &self.catalogue.cancel_path {
            builder = builder.cancel_path(path);
        }
        if let Some(path) = &self.catalogue.portal_path {
            builder = builder.portal_path(path);
        }
        let name = name.to_owned();
        // Boxed, because the futures that it is moved into would have space for it while the buyer waits.
        let metadata = Box::pin(async move {
            let sale = Sale::new(&name, &reference, &choice);
            metadata_of(&buyer, &sale).await.map(Some)
        });
        let redirect = Box::new(builder).redirect_with(metadata).await;
        redirect.map_err(|error| match error {
            CreateError::Rejection(rejection) => rejection.into(),
            CreateError::Metadata(failure) => match failure.into_response() {
                Ok(response) => SellError::buyer(response),
                Err(reference) => {
                    let (operation, problem) = (Operation::Checkout, CheckoutProblem::Internal);
                    Rejection::new(operation, problem, format, self.shop().public_path())
                        .with_reference(reference)
                        .into()
                }
            },
        })
    }
}
