//! The extractor for routes that need a feature.

use std::{fmt, sync::Arc};

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{Method, request::Parts},
    response::{IntoResponse, Response},
};
use kelviq_core::{CheckoutProblem, Entitlements};

use super::error::EntitlementsError;
use crate::{
    offers::{buyer::Buyer, return_path::ReturnPath},
    reference::Reference,
    rejection::{Operation, Rejection},
    request::response_format::ResponseFormat,
    shop::Shop,
};

/// An extractor for routes that need a feature of the buyer's plan, for any method.
///
/// It requires a state with a [`Shop`], and the application's extractor for the buyer.
///
/// ```
/// # use axum::{Router, extract::{FromRef, FromRequestParts}, http::request::Parts, routing::get};
/// # use kelviq_axum::{Buyer, Shop, SignIn, kelviq_core::CustomerProfile};
/// # struct CurrentUser { name: String }
/// # impl<S: Send + Sync> FromRequestParts<S> for CurrentUser {
/// #     type Rejection = SignIn;
/// #     async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SignIn> {
/// #         Err(SignIn::at("/sign-in", parts))
/// #     }
/// # }
/// # impl Buyer for CurrentUser {
/// #     fn customer(&self) -> Option<CustomerProfile> { Some(CustomerProfile::new(&self.name)) }
/// # }
/// use kelviq_axum::{Access, Rejection};
///
/// #[derive(Clone, FromRef)]
/// struct App {
///     shop: Shop,
/// }
///
/// // `CurrentUser` implements `Buyer`.
/// async fn reports(access: Access<CurrentUser>) -> Result<String, Rejection> {
///     access.require("analytics").await?;
///     Ok(format!("The reports of {}", access.buyer.name))
/// }
///
/// let app: Router<App> = Router::new().route("/reports", get(reports));
/// ```
///
/// The entitlements are those of [`Shop::entitlements`], which are cached. A buyer without a customer id has none.
///
/// The handler's own response gets no header. If a cache is in front of the application, set `Cache-Control`, e.g. to `private`.
///
/// # A router
///
/// A middleware guards routes that cannot have the extractor:
///
/// ```
/// # use axum::{extract::{FromRef, FromRequestParts}, http::request::Parts};
/// # use kelviq_axum::{Anonymous as CurrentUser, Shop};
/// use axum::{
///     Router,
///     extract::Request,
///     middleware::{Next, from_fn_with_state},
///     response::Response,
/// };
/// use kelviq_axum::{Access, Rejection};
///
/// # #[derive(Clone, FromRef)]
/// # struct App { shop: Shop }
/// async fn analytics_only(access: Access<CurrentUser>, request: Request, next: Next) -> Result<Response, Rejection> {
///     access.require("analytics").await?;
///     Ok(next.run(request).await)
/// }
///
/// fn guarded(reports: Router<App>, app: App) -> Router<App> {
///     reports.route_layer(from_fn_with_state(app, analytics_only))
/// }
/// ```
///
/// # Rejections
///
/// The response is the rejection of the buyer's extractor. [`SignIn`](crate::SignIn) leads back to the requested page, with its
/// query string, if the request is a `GET` for a page. It does not if the request already has a [`ReturnPath`], or is from a
/// script or for a fragment of htmx.
pub struct Access<B> {
    /// The buyer.
    pub buyer: B,
    shop: Shop,
    format: ResponseFormat,
}

impl<B: Buyer> Access<B> {
    /// Returns the buyer's entitlements if they include the feature.
    ///
    /// The rejection is a page, JSON or a fragment for htmx, and is never cached. A handler can respond with an offer instead:
    ///
    /// ```
    /// # use kelviq_axum::Anonymous as CurrentUser;
    /// use axum::response::{IntoResponse, Redirect, Response};
    /// use kelviq_axum::{Access, CheckoutProblem};
    ///
    /// async fn reports(access: Access<CurrentUser>) -> Response {
    ///     match access.require("analytics").await {
    ///         Ok(_) => "Your reports".into_response(),
    ///         Err(rejection) if rejection.problem() == CheckoutProblem::FeatureNotIncluded => {
    ///             Redirect::to("/pricing").into_response()
    ///         }
    ///         Err(rejection) => rejection.into_response(),
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// - 403 ([`FeatureNotIncluded`](CheckoutProblem::FeatureNotIncluded)) if Kelviq does not give the buyer access to the
    ///   feature.
    /// - The errors of [`entitlements`](Self::entitlements).
    pub async fn require(&self, feature: &str) -> Result<Arc<Entitlements>, Rejection> {
        let entitlements = self.entitlements().await?;
        if entitlements.has(feature) {
            return Ok(entitlements);
        }
        let problem = CheckoutProblem::FeatureNotIncluded;
        tracing::info!(
            feature,
            problem = problem.code(),
            "rejected a request: the feature is not included in the customer's plan"
        );
        Err(self.reject(problem))
    }

    /// Returns the buyer's entitlements.
    ///
    /// # Errors
    ///
    /// 500, 502, 503 or 504 if Kelviq rejects the request, or is unavailable and no recent entitlements are cached.
    /// See [`Shop::entitlements`].
    pub async fn entitlements(&self) -> Result<Arc<Entitlements>, Rejection> {
        let Some(customer) = self.buyer.customer() else {
            return Ok(Arc::default());
        };
        let entitlements = self.shop.entitlements(customer.customer_id()).await;
        entitlements.map_err(|error| self.reject_unknown(&error))
    }

    fn reject_unknown(&self, error: &EntitlementsError) -> Rejection {
        let mut rejection = self.reject(error.problem());
        if let Ok(reference) = Reference::random() {
            tracing::error!(%reference, error = error.cause(), "rejected a request: the entitlements are not known");
            rejection = rejection.with_reference(reference);
        }
        match error.kelviq_error() {
            Some(error) => rejection.with_error(Arc::clone(error)),
            None => rejection,
        }
    }

    fn reject(&self, problem: CheckoutProblem) -> Rejection {
        let home = self.shop.public_path();
        Rejection::new(Operation::Access, problem, self.format, home)
    }
}

impl<B, S> FromRequestParts<S> for Access<B>
where
    B: Buyer + FromRequestParts<S>,
    Shop: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let shop = Shop::from_ref(state);
        let format = ResponseFormat::of(parts);
        if is_page(parts, format)
            && parts.extensions.get::<ReturnPath>().is_none()
            && let Some(page) = ReturnPath::to_page(parts, shop.public_path())
        {
            parts.extensions.insert(page);
        }
        let buyer = B::from_request_parts(parts, state).await;
        Ok(Self {
            buyer: buyer.map_err(IntoResponse::into_response)?,
            shop,
            format,
        })
    }
}

/// Returns `true` if a browser shows the response as a page.
fn is_page(parts: &Parts, format: ResponseFormat) -> bool {
    let is_boosted = || parts.headers.contains_key("hx-boosted");
    parts.method == Method::GET
        && match format {
            ResponseFormat::Html => true,
            ResponseFormat::Htmx => is_boosted(),
            ResponseFormat::Json => false,
        }
}

/// Omits the buyer.
impl<B> fmt::Debug for Access<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").finish_non_exhaustive()
    }
}
