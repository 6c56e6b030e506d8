//! From an offer and a buyer to the checkout page.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};
use kelviq_core::{CheckoutPlan, CheckoutProblem};

use super::{Buyer, Offer, Offers, Sale, single_flight::Click};
use crate::{
    Checkout, CheckoutBuilder, CheckoutRedirect, CheckoutRejection, Refused, checkout::wants_json,
};

impl<B: Buyer> Offers<B> {
    /// What [`routes`](super::routes) does, for a request that did not come through them, such as a server function's:
    /// sells an offer to the request's buyer.
    ///
    /// `fields` are the form's, by name; those that the offer does not ask for are ignored.
    ///
    /// # Errors
    ///
    /// When there is no such offer, a quantity is not allowed, another site sent the request, the buyer must sign in
    /// first, or Kelviq creates no session.
    pub async fn sell<S>(
        &self,
        name: &str,
        fields: &[(String, String)],
        parts: &mut Parts,
        state: &S,
    ) -> Result<CheckoutRedirect, Refused<CheckoutRejection>>
    where
        B: FromRequestParts<S>,
        S: Send + Sync,
    {
        let wants_json = wants_json(&parts.headers);
        let reject = |problem| CheckoutRejection::new(problem, wants_json);
        let offer = self.find(name).map_err(reject)?;
        let checkout = Checkout::for_request(self.shop(), parts)?;
        let quantities = offer.choose(fields).map_err(reject)?;
        let buyer = B::from_request_parts(parts, state)
            .await
            .map_err(Refused::by_buyer)?;
        Ok(self
            .sell_to(buyer, name, offer, quantities, checkout)
            .await?)
    }

    /// Sells an offer to a buyer, or gives the session that the same click created a moment ago.
    pub(super) async fn sell_to(
        &self,
        buyer: B,
        name: &str,
        offer: &Offer,
        quantities: Vec<(String, u32)>,
        checkout: Checkout,
    ) -> Result<CheckoutRedirect, CheckoutRejection> {
        let wants_json = checkout.wants_json();
        let click = buyer.customer_id().map(|customer_id| Click {
            customer_id: customer_id.to_owned(),
            offer: name.to_owned(),
            quantities: quantities.clone(),
            base: checkout.base().to_owned(),
        });
        let plan = offer.plan_with(&quantities);
        let create = self
            .clone()
            .create(name.to_owned(), plan, quantities, checkout, buyer);
        let Some(click) = click else {
            return create.await;
        };
        match self.catalogue.single_flight.share(click, create).await {
            Ok(redirect) => Ok(redirect.accepted_as_json(wants_json)),
            Err(rejection) => Err(Arc::unwrap_or_clone(rejection).accepted_as_json(wants_json)),
        }
    }

    async fn create(
        self,
        name: String,
        plan: CheckoutPlan,
        quantities: Vec<(String, u32)>,
        checkout: Checkout,
        buyer: B,
    ) -> Result<CheckoutRedirect, CheckoutRejection> {
        let reference = checkout.reference().clone();
        let sale = Sale::new(&name, &reference, &quantities);
        let mut builder =
            CheckoutBuilder::new(checkout, plan).success_path(&self.catalogue.success_path);
        if let Some(customer_id) = buyer.customer_id() {
            builder = builder.customer_id(customer_id);
        }
        if let Some(lock_email) = buyer.lock_email() {
            builder = builder.lock_email(lock_email);
        }
        if let Some(path) = &self.catalogue.cancel_path {
            builder = builder.cancel_path(path);
        }
        builder.metadata(buyer.metadata(&sale)).redirect().await
    }
}

impl<B> Offers<B> {
    pub(super) fn find(&self, name: &str) -> Result<&Offer, CheckoutProblem> {
        self.catalogue.offers.get(name).ok_or_else(|| {
            tracing::debug!("a checkout was asked for an offer that does not exist");
            CheckoutProblem::UnknownOffer
        })
    }
}
