//! Offers: what is sold, decided by the server. The browser names one.

mod buyer;
mod form;
mod offer;
mod quantity;
mod resume;
mod return_path;
mod routes;
mod sell;
mod sign_in;
mod single_flight;

use std::{collections::BTreeMap, fmt, marker::PhantomData, sync::Arc};

use self::single_flight::SingleFlight;
pub use self::{
    buyer::{Anonymous, Buyer, Sale},
    offer::Offer,
    quantity::Quantity,
    return_path::ReturnPath,
    routes::routes,
    sign_in::SignIn,
};
use crate::{ConfigError, Shop, shop::join};

/// What a shop sells and to whom, checked. See [`routes`]. Cloning is cheap.
///
/// ```
/// use axum::Router;
/// use kelviq_axum::{ConfigError, Offer, Offers, Shop, kelviq_core::ChargePeriod, routes};
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
    catalogue: Arc<Catalogue>,
    buyer: PhantomData<fn() -> B>,
}

#[derive(Debug)]
struct Catalogue {
    shop: Shop,
    offers: BTreeMap<String, Offer>,
    success_path: String,
    cancel_path: Option<String>,
    sells_on_get: bool,
    single_flight: SingleFlight,
}

impl Offers {
    /// Starts the offers of a shop.
    pub fn builder(shop: Shop) -> OffersBuilder {
        OffersBuilder {
            catalogue: Catalogue {
                shop,
                offers: BTreeMap::new(),
                success_path: "/".into(),
                cancel_path: None,
                sells_on_get: false,
                single_flight: SingleFlight::default(),
            },
            problems: Vec::new(),
            buyer: PhantomData,
        }
    }
}

impl<B> Offers<B> {
    /// The shop that sells them.
    pub fn shop(&self) -> &Shop {
        &self.catalogue.shop
    }

    /// Whether there is an offer of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.catalogue.offers.contains_key(name)
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

/// [`Offers`] in the making.
///
/// ```
/// use kelviq_axum::{Offer, Offers, Shop, kelviq_core::ChargePeriod};
///
/// # fn main() -> Result<(), kelviq_axum::kelviq_core::Error> {
/// # let kelviq = kelviq_axum::kelviq_core::Kelviq::builder("server-test").base_url("http://127.0.0.1:4010").build()?;
/// # let shop = Shop::on_loopback(kelviq);
/// let offers = Offers::builder(shop)
///     .offer("Pro", Offer::plan("", ChargePeriod::Monthly))
///     .success_path("thanks")
///     .build();
/// if let Err(error) = offers {
///     // It names the offer's name, its plan and the path.
///     assert_eq!(error.to_string().split("; ").count(), 3);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is offered before `build`"]
pub struct OffersBuilder<B = Anonymous> {
    catalogue: Catalogue,
    problems: Vec<String>,
    buyer: PhantomData<fn() -> B>,
}

impl<B> OffersBuilder<B> {
    /// Adds an offer. Its name stands in the route and in the page, so buyers see it: lower-case letters, digits and
    /// hyphens.
    pub fn offer(mut self, name: impl Into<String>, offer: Offer) -> Self {
        let name = name.into();
        if self.catalogue.offers.contains_key(&name) {
            self.problems.push(format!("two offers are named {name:?}"));
        }
        self.catalogue.offers.insert(name, offer);
        self
    }

    /// Where buyers come back to after paying: a path of the application, such as `/thanks`. It gets the checkout's
    /// reference as the query parameter `reference`. `/` by default.
    pub fn success_path(mut self, path: impl Into<String>) -> Self {
        self.catalogue.success_path = path.into();
        self
    }

    /// Where buyers come back to without paying. Kelviq's own way by default.
    pub fn cancel_path(mut self, path: impl Into<String>) -> Self {
        self.catalogue.cancel_path = Some(path.into());
        self
    }

    /// Sells on GET too, so that a link can lead to the checkout: for links in emails, and only for a browser that opens
    /// the page. Prefetches, link previews and everything else that is not a visit get a page with a button instead.
    pub fn sell_on_get(mut self) -> Self {
        self.catalogue.sells_on_get = true;
        self
    }

    /// Who buys: an extractor of the application, which says the customer id and the metadata.
    /// [`Anonymous`] by default.
    pub fn sold_to<C: Buyer>(self) -> OffersBuilder<C> {
        OffersBuilder {
            catalogue: self.catalogue,
            problems: self.problems,
            buyer: PhantomData,
        }
    }

    /// Checks everything that was offered.
    ///
    /// # Errors
    ///
    /// When a name, a path, a quantity or any field of an offer does not hold; the error names all of them.
    pub fn build(mut self) -> Result<Offers<B>, ConfigError> {
        let base = self.catalogue.shop.sample_base()?;
        let mut problems = std::mem::take(&mut self.problems);
        let paths = [
            Some(&self.catalogue.success_path),
            self.catalogue.cancel_path.as_ref(),
        ];
        for path in paths.into_iter().flatten() {
            if join(&base, path).is_none() {
                problems.push(format!(
                    "{path:?} is not a path of the application without a parameter `reference`, such as \"/thanks\""
                ));
            }
        }
        if self.catalogue.offers.is_empty() {
            problems.push("there is no offer; add one with `offer`".into());
        }
        for (name, offer) in &self.catalogue.offers {
            if !is_name(name) {
                problems.push(format!(
                    "the offer name {name:?} must be of lower-case letters, digits and hyphens"
                ));
            }
            problems.extend(
                offer
                    .problems()
                    .into_iter()
                    .map(|problem| format!("the offer {name:?}: {problem}")),
            );
        }
        if !problems.is_empty() {
            return Err(ConfigError::new(problems.join("; ")));
        }
        Ok(Offers {
            catalogue: Arc::new(self.catalogue),
            buyer: PhantomData,
        })
    }
}

impl<B> fmt::Debug for OffersBuilder<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.catalogue.fmt(f)
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
