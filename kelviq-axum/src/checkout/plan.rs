//! A checkout of one plan, from what the server decides to the redirect.

use kelviq_core::{ChargePeriod, CheckoutProblem, CreateCheckoutSession, ToMetadata};

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
///         .feature("seats", 5)
///         .metadata(order)
///         .success_url("/thanks")
///         .with(|request| request.lock_email(true))
///         .redirect()
///         .await
/// }
/// ```
#[derive(Debug)]
#[must_use = "nothing is sold before `redirect`"]
pub struct PlanCheckout {
    checkout: Checkout,
    request: CreateCheckoutSession,
    success_path: String,
    cancel_path: Option<String>,
}

impl PlanCheckout {
    pub(super) fn new(checkout: Checkout, plan: String, charge_period: ChargePeriod) -> Self {
        let request = CreateCheckoutSession::new(plan, charge_period, "");
        Self::with_request(checkout, request)
    }

    /// A checkout whose request is prepared but for its URLs.
    pub(crate) fn with_request(checkout: Checkout, request: CreateCheckoutSession) -> Self {
        let request = match checkout.client_ip {
            Some(address) => request.ip_address(address),
            None => request,
        };
        Self {
            checkout,
            request,
            success_path: "/".into(),
            cancel_path: None,
        }
    }

    /// `customerId`: the app's own id of the buyer.
    pub fn customer_id(self, customer_id: impl Into<String>) -> Self {
        self.with(|request| request.customer_id(customer_id))
    }

    /// How much of a feature is bought, e.g. 5 `seats`.
    pub fn feature(self, identifier: impl Into<String>, quantity: u32) -> Self {
        self.with(|request| request.feature(identifier, quantity))
    }

    /// `metadata`: comes back unchanged on `checkout.completed`.
    pub fn metadata(self, metadata: impl ToMetadata) -> Self {
        self.with(|request| request.metadata(metadata))
    }

    /// Where the buyer comes back to after paying: a path of the application, such as `/thanks`. It is joined to the
    /// shop's public URL and gets the checkout's [`reference`](Checkout::reference) as a query parameter. `/` by default.
    pub fn success_url(mut self, path: impl Into<String>) -> Self {
        self.success_path = path.into();
        self
    }

    /// Where the buyer comes back to without paying: a path of the application. Kelviq's own way by default.
    pub fn cancel_url(mut self, path: impl Into<String>) -> Self {
        self.cancel_path = Some(path.into());
        self
    }

    /// Sets any other field of the request, e.g. `.with(|request| request.lock_email(true))`.
    pub fn with(
        mut self,
        change: impl FnOnce(CreateCheckoutSession) -> CreateCheckoutSession,
    ) -> Self {
        self.request = change(self.request);
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
            request,
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
        let mut request = request.success_url(success_url);
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
