//! Offers without type parameters, which a server function cannot have.

use std::pin::Pin;

use axum::{extract::FromRequestParts, http::request::Parts};
use kelviq_axum::{
    Buyer, CheckoutRedirect, CheckoutRejection, Offers, PortalRedirect, PortalRejection, Refused,
    Shop,
};

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// `Offers` without the types of the buyer and of the application's state.
pub(crate) trait ErasedOffers: Send + Sync {
    fn shop(&self) -> &Shop;

    fn contains(&self, offer: &str) -> bool;

    fn sell<'a>(
        &'a self,
        offer: &'a str,
        fields: &'a [(String, String)],
        parts: &'a mut Parts,
    ) -> BoxFuture<'a, Result<CheckoutRedirect, Refused<CheckoutRejection>>>;

    fn open_portal<'a>(
        &'a self,
        parts: &'a mut Parts,
    ) -> BoxFuture<'a, Result<PortalRedirect, Refused<PortalRejection>>>;
}

/// Offers, and the state that the buyer's extractor takes.
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
        fields: &'a [(String, String)],
        parts: &'a mut Parts,
    ) -> BoxFuture<'a, Result<CheckoutRedirect, Refused<CheckoutRejection>>> {
        Box::pin(self.offers.sell(offer, fields, parts, &self.state))
    }

    fn open_portal<'a>(
        &'a self,
        parts: &'a mut Parts,
    ) -> BoxFuture<'a, Result<PortalRedirect, Refused<PortalRejection>>> {
        Box::pin(self.offers.open_portal(parts, &self.state))
    }
}
