//! A checkout in a server function of the application's own.

use axum::extract::FromRequestParts;
use kelviq_axum::{
    Reference, ReturnPath,
    kelviq_core::{ChargePeriod, CheckoutPlan, ToMetadata},
};

use super::{
    answer::{fail, reject},
    layer::Provided,
    sell::request,
};
use crate::{CheckoutError, CheckoutProblem, CheckoutRedirect};

/// Starts a checkout in a server function of the application's own.
///
/// Let it be the function's first line: it refuses calls that another site's page made.
///
/// ```
/// use kelviq_axum::kelviq_core::ChargePeriod;
/// use kelviq_leptos::{CheckoutError, CheckoutRedirect};
/// use leptos::prelude::*;
///
/// #[server]
/// async fn buy_seats(seats: u32) -> Result<CheckoutRedirect, CheckoutError> {
///     kelviq_leptos::checkout()
///         .await?
///         .plan("team", ChargePeriod::Yearly)
///         .customer_id("cust_789")
///         .quantity("seats", seats)
///         .success_path("/thanks")
///         .redirect()
///         .await
/// }
/// ```
///
/// # Errors
///
/// When another site sent the request, it came to an address that is not the shop's, or
/// [`CheckoutLayer`](crate::CheckoutLayer) is missing; the log says so.
pub async fn checkout() -> Result<Checkout, CheckoutError> {
    let (provided, mut parts) = request(None)?;
    let shop = provided.seller.shop();
    match kelviq_axum::Checkout::from_request_parts(&mut parts, shop).await {
        Ok(inner) => Ok(Checkout { inner, provided }),
        Err(rejection) => Err(reject(rejection)),
    }
}

/// A checkout about to be made: `kelviq_axum::Checkout`, for a server function. See [`checkout`].
#[derive(Debug)]
pub struct Checkout {
    inner: kelviq_axum::Checkout,
    provided: Provided,
}

impl Checkout {
    /// A random reference of this checkout. It comes back as `?reference=…` on the success URL, and belongs into the
    /// metadata of an application that looks its order up there.
    pub fn reference(&self) -> &Reference {
        self.inner.reference()
    }

    /// What is bought: the plan's identifier at Kelviq, and how often it is charged.
    pub fn plan(
        self,
        identifier: impl Into<String>,
        charge_period: ChargePeriod,
    ) -> CheckoutBuilder {
        CheckoutBuilder {
            plan: self.inner.plan(identifier, charge_period),
            provided: self.provided,
        }
    }

    /// Sends a buyer who must sign in first to a path of the application, such as `/sign-in?next=/plans`.
    ///
    /// # Errors
    ///
    /// When it is not a path of the application.
    pub fn sign_in_at(self, path: &str) -> Result<CheckoutRedirect, CheckoutError> {
        if ReturnPath::new(path).is_none() {
            tracing::error!(path, "not a path of the application, such as /sign-in");
            return Err(fail(CheckoutProblem::Internal));
        }
        self.provided.send_to(path)
    }
}

/// A checkout of one plan: `kelviq_axum::CheckoutBuilder`, for a server function. See [`checkout`].
#[derive(Debug)]
#[must_use = "nothing is sold before `redirect`"]
pub struct CheckoutBuilder {
    plan: kelviq_axum::CheckoutBuilder,
    provided: Provided,
}

impl CheckoutBuilder {
    /// `customerId`: the app's own id of the buyer.
    pub fn customer_id(self, customer_id: impl Into<String>) -> Self {
        self.map(|plan| plan.customer_id(customer_id))
    }

    /// Sets `lockEmail`: whether the email address on the checkout page is read-only. Kelviq's default is `false`.
    pub fn lock_email(self, lock_email: bool) -> Self {
        self.map(|plan| plan.lock_email(lock_email))
    }

    /// How much of a feature is bought, e.g. 5 `seats`.
    pub fn quantity(self, identifier: impl Into<String>, quantity: u32) -> Self {
        self.map(|plan| plan.quantity(identifier, quantity))
    }

    /// `metadata`: comes back unchanged on `checkout.completed`.
    pub fn metadata(self, metadata: impl ToMetadata) -> Self {
        self.map(|plan| plan.metadata(metadata))
    }

    /// Where the buyer comes back to after paying: a path of the application, such as `/thanks`. `/` by default.
    pub fn success_path(self, path: impl Into<String>) -> Self {
        self.map(|plan| plan.success_path(path))
    }

    /// Where the buyer comes back to without paying: a path of the application. Kelviq's own way by default.
    pub fn cancel_path(self, path: impl Into<String>) -> Self {
        self.map(|plan| plan.cancel_path(path))
    }

    /// Changes any other field of the plan, e.g. `.with(|plan| plan.discount_code("WELCOME20"))`.
    pub fn with(self, change: impl FnOnce(CheckoutPlan) -> CheckoutPlan) -> Self {
        self.map(|plan| plan.with(change))
    }

    /// Creates the session and sends the buyer to its page.
    ///
    /// # Errors
    ///
    /// For the server function to answer with. The cause is in the log, with the checkout's reference.
    pub async fn redirect(self) -> Result<CheckoutRedirect, CheckoutError> {
        match self.plan.redirect().await {
            Ok(redirect) => self.provided.send_to(redirect.checkout_url()),
            Err(rejection) => Err(reject(rejection)),
        }
    }

    fn map(
        self,
        change: impl FnOnce(kelviq_axum::CheckoutBuilder) -> kelviq_axum::CheckoutBuilder,
    ) -> Self {
        Self {
            plan: change(self.plan),
            provided: self.provided,
        }
    }
}
