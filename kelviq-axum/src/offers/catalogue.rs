//! The validated offers of a shop.

use std::{collections::BTreeMap, fmt, marker::PhantomData, sync::Arc};

use kelviq_core::CheckoutProblem;

use super::{buyer::Anonymous, offer::Offer};
use crate::shop::Shop;

/// The validated offers of a shop, and the type of their buyer. Cloning is cheap.
///
/// See [`routes`](crate::routes).
///
/// ```
/// use axum::Router;
/// use kelviq_axum::{ConfigError, Offer, Offers, Shop, routes};
/// use kelviq_core::ChargePeriod;
///
/// fn app(shop: Shop) -> Result<Router, ConfigError> {
///     let offers = Offers::builder(shop)
///         .offer("pro-monthly", Offer::plan("pro", ChargePeriod::Monthly))
///         .success_path("/thanks")
///         .build()?;
///     Ok(Router::new().nest("/checkout", routes(offers)))
/// }
/// ```
pub struct Offers<B = Anonymous> {
    pub(super) catalogue: Arc<Catalogue>,
    buyer: PhantomData<fn() -> B>,
}

/// What is sold, without the type of the buyer.
#[derive(Debug)]
pub(super) struct Catalogue {
    pub(super) shop: Shop,
    pub(super) offers: BTreeMap<String, Offer>,
    pub(super) success_path: String,
    pub(super) cancel_path: Option<String>,
    pub(super) portal_path: Option<String>,
    pub(super) sell_on_get: bool,
}

impl<B> Offers<B> {
    pub(super) fn new(catalogue: Catalogue) -> Self {
        Self {
            catalogue: Arc::new(catalogue),
            buyer: PhantomData,
        }
    }

    /// Returns the shop that sells the offers.
    pub fn shop(&self) -> &Shop {
        &self.catalogue.shop
    }

    /// Returns `true` if there is an offer with this name.
    pub fn contains(&self, name: &str) -> bool {
        self.catalogue.offers.contains_key(name)
    }

    pub(super) fn find(&self, name: &str) -> Result<&Offer, CheckoutProblem> {
        self.catalogue
            .offers
            .get(name)
            .ok_or(CheckoutProblem::UnknownOffer)
    }
}

impl<B> Clone for Offers<B> {
    fn clone(&self) -> Self {
        Self {
            catalogue: Arc::clone(&self.catalogue),
            buyer: PhantomData,
        }
    }
}

impl<B> fmt::Debug for Offers<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.catalogue.fmt(f)
    }
}
