//! Offers: what is sold, decided by the server. The browser names one.

mod buyer;
mod form;
mod offer;
mod quantity;
mod routes;

use std::{collections::BTreeMap, fmt, marker::PhantomData, sync::Arc};

use axum::http::request::Parts;

pub use self::{
    buyer::{Anonymous, Buyer, Sale},
    offer::Offer,
    quantity::Quantity,
    routes::routes,
};
use crate::{
    Checkout, CheckoutProblem, CheckoutRedirect, CheckoutRejection, ConfigError, PlanCheckout,
    Shop, shop::join,
};

/// What a shop sells and to whom, checked. See [`routes`]. Cloning is cheap.
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
            },
            problems: Vec::new(),
            buyer: PhantomData,
        }
    }
}

impl<B: Buyer> Offers<B> {
    fn offer(&self, name: &str) -> Option<&Offer> {
        self.catalogue.offers.get(name)
    }

    /// Sells an offer to a buyer. `fields` are the form's; all but the quantities that the offer asks for are ignored.
    async fn sell(
        &self,
        name: &str,
        offer: &Offer,
        checkout: Checkout,
        buyer: &B,
        fields: &[(String, String)],
    ) -> Result<CheckoutRedirect, CheckoutRejection> {
        let quantities = offer
            .quantities(fields)
            .ok_or_else(|| checkout.reject(CheckoutProblem::InvalidQuantity))?;
        let mut request = offer.request(&quantities);
        if let Some(customer_id) = buyer.customer_id() {
            request = request.customer_id(customer_id);
        }
        let sale = Sale::new(name, checkout.reference(), &quantities);
        request = request.metadata(buyer.metadata(&sale));
        let mut plan =
            PlanCheckout::with_request(checkout, request).success_url(&self.catalogue.success_path);
        if let Some(path) = &self.catalogue.cancel_path {
            plan = plan.cancel_url(path);
        }
        plan.redirect().await
    }

    fn checkout(&self, parts: &Parts) -> Result<Checkout, CheckoutRejection> {
        Checkout::for_request(&self.catalogue.shop, parts)
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
                    "{path:?} is not a path of the application, such as \"/thanks\""
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
                    .problems(base.as_str())
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
