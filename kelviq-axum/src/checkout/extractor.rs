//! The extractor that starts a checkout.

use axum::{
    extract::{FromRef, FromRequestParts, OriginalUri},
    http::request::Parts,
};
use kelviq_core::{ChargePeriod, CheckoutPlan};

use super::{builder::CheckoutBuilder, item::Item};
use crate::{
    reference::Reference,
    rejection::{Operation, Rejection},
    request::context::RequestContext,
    shop::Shop,
};

/// An extractor for handlers that start a checkout.
///
/// It requires a state with a [`Shop`].
///
/// ```
/// use axum::{Router, extract::FromRef, routing::post};
/// use kelviq_axum::{Checkout, CheckoutRedirect, Rejection, Shop};
/// use kelviq_core::ChargePeriod;
///
/// #[derive(Clone, FromRef)]
/// struct App {
///     shop: Shop,
/// }
///
/// async fn buy(checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
///     checkout
///         .plan("pro", ChargePeriod::Monthly)
///         .customer("cust_789")
///         .success_path("/thanks")
///         .redirect()
///         .await
/// }
///
/// let app: Router<App> = Router::new().route("/buy", post(buy));
/// ```
///
/// # Rejections
///
/// Rejects a request with a [`Rejection`]:
///
/// - 403 ([`CrossSite`](crate::CheckoutProblem::CrossSite)) if a page of another site sent it, unless its origin is
///   [allowed](Shop::allow_origin). `Sec-Fetch-Site` is checked first, then `Origin`.
/// - 405 ([`MethodNotAllowed`](crate::CheckoutProblem::MethodNotAllowed)), with `Allow: POST`, for any method except
///   `POST`, unless the shop [sells on any method](Shop::sell_on_any_method). Otherwise a handler that is routed with `get`
///   or `any` would create sessions for prefetches, `HEAD` requests, and images on other sites.
/// - 400 ([`WrongAddress`](crate::CheckoutProblem::WrongAddress)) if the shop is
///   [on loopback](Shop::on_loopback) and the request is not a direct request to loopback.
/// - 500 ([`Internal`](crate::CheckoutProblem::Internal)) if the operating system provides no random numbers.
#[derive(Debug)]
pub struct Checkout {
    context: RequestContext,
    /// The path of the request, also below a nested router.
    path: String,
}

impl Checkout {
    /// Returns the random reference of this checkout.
    ///
    /// The success URL has it as the query parameter `reference`. An application that looks up the order on its success
    /// page puts the reference into the checkout's metadata.
    pub fn reference(&self) -> &Reference {
        &self.context.reference
    }

    /// Selects the plan by its identifier at Kelviq, and how often it is charged.
    pub fn plan(
        self,
        identifier: impl Into<String>,
        charge_period: ChargePeriod,
    ) -> CheckoutBuilder {
        let identifier = identifier.into();
        let plan = CheckoutPlan::new(identifier.clone(), charge_period);
        let item = Item::Plan {
            identifier,
            path: self.path,
        };
        CheckoutBuilder::new(self.context, plan, item)
    }
}

impl<S> FromRequestParts<S> for Checkout
where
    Shop: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Rejection> {
        let shop = Shop::from_ref(state);
        let context = RequestContext::new(Operation::Checkout, &shop, parts)?;
        let original = parts.extensions.get::<OriginalUri>();
        let uri = original.map_or(&parts.uri, |OriginalUri(uri)| uri);
        Ok(Self {
            context: context.require_post(&parts.method)?,
            path: uri.path().to_owned(),
        })
    }
}
