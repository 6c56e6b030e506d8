//! Offers without type parameters, which a server function cannot have.

use std::pin::Pin;

use axum::{extract::FromRequestParts, http::request::Parts};
use kelviq_axum::{
    Buyer, CheckoutRedirect, Offers, PortalRedirect, RequestedQuantities, SellError, Shop,
};

type SellFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, SellError>> + Send + 'a>>;

/// `Offers` without the types of the buyer and of the application's state.
pub(crate) trait ErasedOffers: Send + Sync {
    fn shop(&self) -> &Shop;

    fn contains(&self, offer: &str) -> bool;

    fn sell<'a>(
        &'a self,
        offer: &'a str,
        quantities: &'a RequestedQuantities,
        parts: &'a mut Parts,
    ) -> SellFuture<'a, CheckoutRedirect>;

    fn open_portal<'a>(&'a self, parts: &'a mut Parts) -> SellFuture<'a, PortalRedirect>;
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
        quantities: &'a RequestedQuantities,
        parts: &'a mut Parts,
    ) -> SellFuture<'a, CheckoutRedirect> {
        Box::pin(self.offers.sell(offer, quantities, parts, &self.state))
    }

    fn open_portal<'a>(&'a self, parts: &'a mut Parts) -> SellFuture<'a, PortalRedirect> {
        Box::pin(self.offers.shop().open_portal::<B, S>(parts, &self.state))
    }
}
