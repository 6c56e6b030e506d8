//! The offers and the state of the application, without their types: a server function has no type parameters.

use std::pin::Pin;

use axum::{extract::FromRequestParts, http::request::Parts};
use kelviq_axum::{
    Buyer, CheckoutRedirect, Offers, PortalRedirect, RequestedQuantities, SellError, Shop,
};

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, SellError>> + Send + 'a>>;

pub(super) trait Seller: Send + Sync {
    fn shop(&self) -> &Shop;

    fn contains(&self, offer: &str) -> bool;

    fn sell<'a>(
        &'a self,
        offer: &'a str,
        quantities: &'a RequestedQuantities,
        parts: &'a mut Parts,
    ) -> Answer<'a, CheckoutRedirect>;

    fn open_portal<'a>(&'a self, parts: &'a mut Parts) -> Answer<'a, PortalRedirect>;
}

pub(super) struct OffersAndState<B, S> {
    pub(super) offers: Offers<B>,
    pub(super) state: S,
}

impl<B, S> Seller for OffersAndState<B, S>
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
    ) -> Answer<'a, CheckoutRedirect> {
        Box::pin(self.offers.sell(offer, quantities, parts, &self.state))
    }

    fn open_portal<'a>(&'a self, parts: &'a mut Parts) -> Answer<'a, PortalRedirect> {
        Box::pin(self.offers.open_portal(parts, &self.state))
    }
}
