//! A checkout in a server function of the application.

use std::hash::Hash;

use axum::extract::FromRequestParts;
use kelviq_axum::{Checkout, CheckoutBuilder, Reference, ReturnPath};
use kelviq_core::{ChargePeriod, CheckoutPlan, CheckoutProblem, CustomerProfile, ToMetadata};

use super::{
    context::LayerContext,
    request::checkout_request,
    response::{fail, reject},
};
use crate::{buyer_redirect::BuyerRedirect, checkout_error::CheckoutError};

/// Starts a checkout in a server function of the application.
///
/// Call it first in the server function, because it rejects requests from other sites.
///
/// ```
/// use kelviq_core::ChargePeriod;
/// use kelviq_leptos::{BuyerRedirect, CheckoutError};
/// use leptos::prelude::*;
///
/// #[server]
/// async fn buy_seats(seats: u32) -> Result<BuyerRedirect, CheckoutError> {
///     kelviq_leptos::checkout()
///         .await?
///         .plan("team", ChargePeriod::Yearly)
///         .quantity("seats", seats)
///         .success_path("/thanks")
///         .redirect()
///         .await
/// }
/// ```
///
/// # Errors
///
/// Returns an error if the request is from another site, if its method is not `POST` and the shop does not
/// [sell on any method](kelviq_axum::Shop::sell_on_any_method), if the shop is
/// [on loopback](kelviq_axum::Shop::on_loopback) and the request is not a direct request to loopback, or if
/// [`CheckoutLayer`](crate::CheckoutLayer) is missing. The cause is logged.
pub async fn checkout() -> Result<ServerCheckout, CheckoutError> {
    let (context, mut parts) = checkout_request(None)?;
    let shop = context.offers.shop();
    match Checkout::from_request_parts(&mut parts, shop).await {
        Ok(checkout) => Ok(ServerCheckout { checkout, context }),
        Err(rejection) => Err(reject(rejection)),
    }
}

/// A checkout without a plan: `kelviq_axum::Checkout` for a server function. Created by [`checkout`].
#[derive(Debug)]
pub struct ServerCheckout {
    checkout: Checkout,
    context: LayerContext,
}

impl ServerCheckout {
    /// Returns the random reference of this checkout.
    ///
    /// The success URL has it as `?reference=…`. Put it into the metadata if the application looks up the order by it.
    pub fn reference(&self) -> &Reference {
        self.checkout.reference()
    }

    /// Sets the plan's identifier at Kelviq, and the charge period.
    pub fn plan(
        self,
        identifier: impl Into<String>,
        charge_period: ChargePeriod,
    ) -> ServerCheckoutBuilder {
        ServerCheckoutBuilder {
            builder: self.checkout.plan(identifier, charge_period),
            context: self.context,
        }
    }

    /// Redirects a buyer who must sign in to a path of the application, such as `/sign-in?next=/plans`. The server function
    /// finds the buyer by `leptos_axum::extract`, or `extract_with_state` for an extractor that needs the state.
    ///
    /// # Errors
    ///
    /// Returns an error if `path` is not a path of the application.
    pub fn sign_in_at(self, path: &str) -> Result<BuyerRedirect, CheckoutError> {
        if ReturnPath::new(path).is_none() {
            let reference = self.reference().to_string();
            tracing::error!(
                reference,
                path,
                "invalid sign-in path; use a path of the application such as /sign-in"
            );
            return Err(fail(CheckoutProblem::Internal).with_reference(Some(reference)));
        }
        self.context.redirect_to(path)
    }
}

/// A checkout of a plan: `kelviq_axum::CheckoutBuilder` for a server function. Created by [`ServerCheckout::plan`].
#[derive(Debug)]
#[must_use = "no session is created before `redirect`"]
pub struct ServerCheckoutBuilder {
    builder: CheckoutBuilder,
    context: LayerContext,
}

impl ServerCheckoutBuilder {
    /// Sets the customer: the application's own id of the buyer (`customerId`), alone or with a profile, which is written at Kelviq.
    /// See `kelviq_axum::CheckoutBuilder::customer`.
    pub fn customer(self, customer: impl Into<CustomerProfile>) -> Self {
        self.map(|builder| builder.customer(customer))
    }

    /// Refuses a customer who has a subscription of this plan already: the error is
    /// [`AlreadySubscribed`](CheckoutProblem::AlreadySubscribed). Needs a [`customer`](Self::customer). See
    /// `kelviq_axum::Offer::refuse_subscribers`.
    pub fn refuse_subscribers(self) -> Self {
        self.map(CheckoutBuilder::refuse_subscribers)
    }

    /// Refuses a customer who has a subscription of one of exactly these plans. See
    /// `kelviq_axum::Offer::refuse_subscribers_of`.
    pub fn refuse_subscribers_of<I: Into<String>>(
        self,
        plans: impl IntoIterator<Item = I>,
    ) -> Self {
        self.map(|builder| builder.refuse_subscribers_of(plans))
    }

    /// Sets `lockEmail`: whether the email address on the checkout page is read-only. Kelviq's default is `false`.
    pub fn lock_email(self, lock_email: bool) -> Self {
        self.map(|builder| builder.lock_email(lock_email))
    }

    /// Sets the quantity of a feature, e.g. 5 `seats`.
    pub fn quantity(self, identifier: impl Into<String>, quantity: u32) -> Self {
        self.map(|builder| builder.quantity(identifier, quantity))
    }

    /// Sets `metadata`, which Kelviq includes unchanged in `checkout.completed`.
    pub fn metadata(self, metadata: impl ToMetadata) -> Self {
        self.map(|builder| builder.metadata(metadata))
    }

    /// Sets the page to return to after paying: a path of the application, such as `/thanks`. Defaults to `/`.
    pub fn success_path(self, path: impl Into<String>) -> Self {
        self.map(|builder| builder.success_path(path))
    }

    /// Sets the page to return to without paying: a path of the application. If unset, Kelviq's default cancel
    /// behaviour applies. The checkout's reference is added as the query parameter `reference`, as on the success path.
    pub fn cancel_path(self, path: impl Into<String>) -> Self {
        self.map(|builder| builder.cancel_path(path))
    }

    /// Sets a key that tells this purchase apart from others of the same customer, like
    /// `kelviq_axum::CheckoutBuilder::purchase_key`.
    pub fn purchase_key(self, key: impl Hash) -> Self {
        self.map(|builder| builder.purchase_key(key))
    }

    /// Changes any other field of the plan, e.g. `.with(|plan| plan.discount_code("WELCOME20"))`.
    pub fn with(self, change: impl FnOnce(CheckoutPlan) -> CheckoutPlan) -> Self {
        self.map(|builder| builder.with(change))
    }

    /// Creates the checkout session and redirects the buyer to its page.
    ///
    /// # Errors
    ///
    /// Returns an error if the session cannot be created. The cause is logged with the checkout's reference.
    pub async fn redirect(self) -> Result<BuyerRedirect, CheckoutError> {
        match self.builder.redirect().await {
            Ok(redirect) => self.context.redirect_to(redirect.checkout_url()),
            Err(rejection) => Err(reject(rejection)),
        }
    }

    fn map(self, change: impl FnOnce(CheckoutBuilder) -> CheckoutBuilder) -> Self {
        Self {
            builder: change(self.builder),
            context: self.context,
        }
    }
}
