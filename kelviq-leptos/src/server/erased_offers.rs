//! Offers without type parameters, which a server function cannot have.

use std::pin::Pin;

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Response},
};
use kelviq_axum::{Buyer, CheckoutRedirect, FormFields, Offers, PortalRedirect, SellError, Shop};

type BuyerFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Response>> + Send + 'a>>;
type SellFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, SellError>> + Send + 'a>>;

/// `Offers` without the types of the buyer and of the application's state.
pub(crate) trait ErasedOffers: Send + Sync {
    fn shop(&self) -> &Shop;

    fn contains(&self, offer: &str) -> bool;

    fn sell<'a>(
        &'a self,
        offer: &'a str,
        fields: &'a FormFields,
        parts: &'a mut Parts,
    ) -> SellFuture<'a, CheckoutRedirect>;

    fn open_portal<'a>(&'a self, parts: &'a mut Parts) -> SellFuture<'a, PortalRedirect>;

    /// Returns the customer id of the buyer, or the response of the buyer's extractor.
    fn customer_id<'a>(&'a self, parts: &'a mut Parts) -> BuyerFuture<'a, Option<String>>;
}

/// Offers, and the state that the extractor for the buyer takes.
pub(crate) struct OffersWithState<B, S> {
    pub(crate) offers: Offers<B>,
    pub(crate) state: S,
}

impl<B, S> ErasedOffers for OffersWithState<B, S>
where
    B: Buyer + FromRequestParts<S>,
    S: Send + Sync,
{
    fn shop(&self) -> &Shop {
        self.offers.shop()
    }

    fn contains(&self, offer: &str) -> bool {
        self.offers.contains(offer)
    }

    fn sell<'a>(
        &'a self,
        offer: &'a str,
        fields: &'a FormFields,
        parts: &'a mut Parts,
    ) -> SellFuture<'a, CheckoutRedirect> {
        Box::pin(self.offers.sell(offer, fields, parts, &self.state))
    }

    fn open_portal<'a>(&'a self, parts: &'a mut Parts) -> SellFuture<'a, PortalRedirect> {
        Box::pin(self.offers.shop().open_portal::<B, S>(parts, &self.state))
    }

    fn customer_id<'a>(&'a self, parts: &'a mut Parts) -> BuyerFuture<'a, Option<String>> {
        Box::pin(async move {
            let buyer = B::from_request_parts(parts, &self.state).await;
            Ok(buyer
                .map_err(IntoResponse::into_response)?
                .customer()
                .map(|customer| customer.customer_id().to_owned()))
        })
    }
}
