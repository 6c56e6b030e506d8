//! A checkout of one plan, from what the server decides to the redirect.

use kelviq_core::{
    CheckoutPlan, CheckoutProblem, CreateCheckoutSession, Metadata, MetadataError, ToMetadata,
};

use super::{Checkout, CheckoutRedirect, CheckoutRejection, problem_of};
use crate::{Reference, shop::join};

/// What is bought, made with [`Checkout::plan`]. Nothing is sent before [`redirect`](Self::redirect).
///
/// ```
/// use kelviq_axum::{
///     Checkout, CheckoutRedirect, CheckoutRejection,
///     kelviq_core::{ChargePeriod, CheckoutMetadata},
/// };
///
/// #[derive(CheckoutMetadata)]
/// struct OrderMetadata {
///     order_ref: String,
/// }
///
/// async fn buy(checkout: Checkout) -> Result<CheckoutRedirect, CheckoutRejection> {
///     let order = OrderMetadata { order_ref: checkout.reference().to_string() };
///     checkout
///         .plan("team", ChargePeriod::Yearly)
///         .customer_id("cust_789")
///         .quantity("seats", 5)
///         .metadata(order)
///         .success_path("/thanks")
///         .lock_email(true)
///         .redirect()
///         .await
/// }
/// ```
#[derive(Debug)]
#[must_use = "nothing is sold before `redirect`"]
pub struct CheckoutBuilder {
    checkout: Checkout,
    plan: CheckoutPlan,
    customer_id: Option<String>,
    lock_email: Option<bool>,
    metadata: Option<Result<Metadata, MetadataError>>,
    success_path: String,
    cancel_path: Option<String>,
}

impl CheckoutBuilder {
    pub(crate) fn new(checkout: Checkout, plan: CheckoutPlan) -> Self {
        Self {
            checkout,
            plan,
            customer_id: None,
            lock_email: None,
            metadata: None,
            success_path: "/".into(),
            cancel_path: None,
        }
    }

    /// Sets `customerId`: the application's own id of the buyer.
    pub fn customer_id(mut self, customer_id: impl Into<String>) -> Self {
        self.customer_id = Some(customer_id.into());
        self
    }

    /// Sets `lockEmail`: whether the email address on the checkout page is read-only. Kelviq's default is `false`.
    pub fn lock_email(mut self, lock_email: bool) -> Self {
        self.lock_email = Some(lock_email);
        self
    }

    /// Sets the quantity of a feature, e.g. 5 `seats`.
    pub fn quantity(self, feature: impl Into<String>, quantity: u32) -> Self {
        self.with(|plan| plan.quantity(feature, quantity))
    }

    /// Sets `metadata`, which comes back unchanged on `checkout.completed`.
    pub fn metadata(mut self, metadata: impl ToMetadata) -> Self {
        self.metadata = Some(metadata.to_metadata());
        self
    }

    /// Where the buyer comes back to after paying: a path of the application, such as `/thanks`. It is joined to the
    /// shop's public URL and gets the checkout's [`reference`](Checkout::reference) as a query parameter. `/` by default.
    pub fn success_path(mut self, path: impl Into<String>) -> Self {
        self.success_path = path.into();
        self
    }

    /// Where the buyer comes back to without paying: a path of the application. Kelviq's own way by default.
    pub fn cancel_path(mut self, path: impl Into<String>) -> Self {
        self.cancel_path = Some(path.into());
        self
    }

    /// Changes any other field of the plan, e.g. `.with(|plan| plan.discount_code("WELCOME20"))`.
    pub fn with(mut self, change: impl FnOnce(CheckoutPlan) -> CheckoutPlan) -> Self {
        self.plan = change(self.plan);
        self
    }

    /// Creates the session and checks where it leads.
    ///
    /// # Errors
    ///
    /// A [`CheckoutRejection`] to answer with. The reason is logged, with the checkout's reference.
    pub async fn redirect(self) -> Result<CheckoutRedirect, CheckoutRejection> {
        let Self {
            checkout,
            plan,
            customer_id,
            lock_email,
            metadata,
            success_path,
            cancel_path,
        } = self;
        let url = |path: &str| {
            join(&checkout.base, path).ok_or_else(|| {
                tracing::error!(
                    reference = %checkout.reference,
                    path,
                    "success and cancel URLs are paths of the application without a parameter `reference`, such as /thanks"
                );
                checkout.reject(CheckoutProblem::Internal)
            })
        };
        let mut success_url = url(&success_path)?;
        success_url
            .query_pairs_mut()
            .append_pair(Reference::PARAMETER, checkout.reference.as_str());
        let mut request = CreateCheckoutSession::new(plan, success_url);
        if let Some(customer_id) = customer_id {
            request = request.customer_id(customer_id);
        }
        if let Some(lock_email) = lock_email {
            request = request.lock_email(lock_email);
        }
        if let Some(address) = checkout.client_ip {
            request = request.ip_address(address);
        }
        if let Some(metadata) = metadata {
            request = request.metadata(metadata.map_err(|error| {
                tracing::error!(reference = %checkout.reference, %error, "invalid metadata");
                checkout.reject(CheckoutProblem::Internal)
            })?);
        }
        if let Some(path) = cancel_path {
            request = request.cancel_url(url(&path)?);
        }
        let session = checkout
            .shop
            .kelviq()
            .create_checkout_session(&request)
            .await
            .map_err(|error| {
                let problem = problem_of(&error);
                tracing::error!(
                    reference = %checkout.reference,
                    status = error.status(),
                    error = &error as &dyn std::error::Error,
                    "no checkout session"
                );
                checkout
                    .reject(problem)
                    .with_retry_after(error.retry_after())
            })?;
        let checkout_url = checkout
            .shop
            .redirect_target(&session.checkout_url)
            .map_err(|problem| {
                tracing::error!(
                    reference = %checkout.reference,
                    session_id = session.checkout_session_id,
                    problem,
                    "the buyer was not sent to the checkout page"
                );
                checkout.reject(CheckoutProblem::Upstream)
            })?;
        tracing::info!(
            reference = %checkout.reference,
            session_id = session.checkout_session_id,
            "checkout session created"
        );
        checkout.shop.sessions().remember(
            checkout.reference.clone(),
            session.checkout_session_id.clone(),
        );
        Ok(CheckoutRedirect {
            checkout_url,
            session_id: session.checkout_session_id,
            reference: checkout.reference,
            wants_json: checkout.wants_json,
        })
    }
}
