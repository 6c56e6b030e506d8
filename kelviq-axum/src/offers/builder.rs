//! The builder of offers.

use std::{any::TypeId, collections::BTreeMap, fmt, marker::PhantomData};

use super::{
    buyer::{Anonymous, Buyer},
    catalogue::{Catalogue, Offers},
    offer::Offer,
};
use crate::{address::path::join, config_error::ConfigError, shop::Shop};

/// A builder for [`Offers`].
///
/// ```
/// use kelviq_axum::{Offer, Offers, Shop};
/// use kelviq_core::{ChargePeriod, Kelviq};
///
/// # fn main() -> Result<(), kelviq_core::Error> {
/// # let kelviq = Kelviq::builder("server-test").base_url("http://127.0.0.1:4010").build()?;
/// # let shop = Shop::on_loopback(kelviq);
/// let offers = Offers::builder(shop)
///     .offer("Pro", Offer::plan("", ChargePeriod::Monthly))
///     .success_path("thanks")
///     .build();
/// if let Err(error) = offers {
///     // It describes the invalid offer name, plan and path.
///     assert_eq!(error.to_string().split("; ").count(), 3);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "offers are not created before `build`"]
pub struct OffersBuilder<B = Anonymous> {
    catalogue: Catalogue,
    problems: Vec<String>,
    buyer: PhantomData<fn() -> B>,
}

impl Offers {
    /// Creates a builder for the offers of a shop.
    pub fn builder(shop: Shop) -> OffersBuilder {
        OffersBuilder {
            catalogue: Catalogue {
                shop,
                offers: BTreeMap::new(),
                success_path: "/".into(),
                cancel_path: None,
                portal_path: None,
                sell_on_get: false,
            },
            problems: Vec::new(),
            buyer: PhantomData,
        }
    }
}

impl<B: Buyer> OffersBuilder<B> {
    /// Adds an offer.
    ///
    /// The name is part of the URL, so buyers can see it. It consists of lower-case letters, digits and hyphens.
    pub fn offer(mut self, name: impl Into<String>, offer: Offer) -> Self {
        let name = name.into();
        if self.catalogue.offers.contains_key(&name) {
            self.problems.push(format!("two offers are named {name:?}"));
        }
        for problem in offer.problems() {
            self.problems.push(format!("the offer {name:?}: {problem}"));
        }
        self.catalogue.offers.insert(name, offer);
        self
    }

    /// Sets the path that buyers return to after paying, such as `/thanks`. The default is `/`.
    ///
    /// The checkout's reference is added as the query parameter `reference`.
    pub fn success_path(mut self, path: impl Into<String>) -> Self {
        self.catalogue.success_path = path.into();
        self
    }

    /// Sets the path that buyers return to without paying. If unset, Kelviq's default cancel behaviour applies.
    ///
    /// The checkout's reference is added as the query parameter `reference`, as on the success path.
    pub fn cancel_path(mut self, path: impl Into<String>) -> Self {
        self.catalogue.cancel_path = Some(path.into());
        self
    }

    /// Sets the path of the customer portal, such as `/billing`: the route of [`portal`](crate::portal).
    ///
    /// It is joined to the shop's public URL. The page for a customer who
    /// [has a subscription already](Offer::refuse_subscribers) links to it, and a script gets it as `portalUrl`. See
    /// [`Rejection::portal_url`](crate::Rejection::portal_url). If unset, the page has no such link.
    ///
    /// ```
    /// # use axum::{Router, extract::FromRequestParts};
    /// use kelviq_axum::{Buyer, ConfigError, Offer, Offers, Shop, portal, routes};
    /// use kelviq_core::ChargePeriod;
    ///
    /// fn app<B: Buyer + FromRequestParts<()>>(shop: Shop) -> Result<Router, ConfigError> {
    ///     let offers = Offers::builder(shop.clone())
    ///         .offer("pro-monthly", Offer::plan("pro", ChargePeriod::Monthly).refuse_subscribers())
    ///         .portal_path("/billing")
    ///         .sold_to::<B>()
    ///         .build()?;
    ///     Ok(Router::new().nest("/checkout", routes(offers)).route("/billing", portal::<B, _>(shop)))
    /// }
    /// ```
    pub fn portal_path(mut self, path: impl Into<String>) -> Self {
        self.catalogue.portal_path = Some(path.into());
        self
    }

    /// Sells on `GET` too, for links in emails.
    ///
    /// Only a browser that opens the page starts a checkout. Prefetches, link previews and other requests get a page with
    /// a button instead. The query string has the quantities and the [fields](Offer::field), so that the author of a link
    /// chooses them, not the buyer.
    pub fn sell_on_get(mut self) -> Self {
        self.catalogue.sell_on_get = true;
        self
    }

    /// Sets the extractor for the buyer, which provides the customer and the metadata. The default is [`Anonymous`].
    pub fn sold_to<C: Buyer>(self) -> OffersBuilder<C> {
        OffersBuilder {
            catalogue: self.catalogue,
            problems: self.problems,
            buyer: PhantomData,
        }
    }

    /// Validates the offers and the paths.
    ///
    /// # Errors
    ///
    /// Returns an error that describes every invalid name, path, quantity and field, and every offer that refuses subscribers but
    /// is sold to [`Anonymous`] buyers.
    pub fn build(self) -> Result<Offers<B>, ConfigError> {
        let mut problems = self.problems;
        let is_anonymous = TypeId::of::<B>() == TypeId::of::<Anonymous>();
        let catalogue = self.catalogue;
        let base = catalogue.shop.sample_base()?;
        let paths = [
            Some(&catalogue.success_path),
            catalogue.cancel_path.as_ref(),
            catalogue.portal_path.as_ref(),
        ];
        for path in paths.into_iter().flatten() {
            if join(&base, path).is_none() {
                problems.push(format!(
                    "the path {path:?} must begin with / and must not have a query parameter `reference`"
                ));
            }
        }
        if catalogue.offers.is_empty() {
            problems.push("there is no offer; add one with `offer`".into());
        }
        for (name, offer) in &catalogue.offers {
            if !is_name(name) {
                problems.push(format!(
                    "the offer name {name:?} must consist of lower-case letters, digits and hyphens"
                ));
            }
            if is_anonymous && !offer.refused_plans().is_none() {
                problems.push(format!(
                    "the offer {name:?} refuses subscribers, which needs the customer id of the buyer; set the buyer with `sold_to`"
                ));
            }
        }
        if !problems.is_empty() {
            return Err(ConfigError::new(problems.join("; ")));
        }
        Ok(Offers::new(catalogue))
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
