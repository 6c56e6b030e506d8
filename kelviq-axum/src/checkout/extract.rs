//! The extractor.

use std::net::IpAddr;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, header::ACCEPT, request::Parts},
};
use kelviq_core::{ChargePeriod, CheckoutPlan, CheckoutProblem};
use url::Url;

use super::{CheckoutBuilder, CheckoutRejection, same_site};
use crate::{Reference, Shop};

/// A checkout about to be made, in a handler of your own. Works with any state that gives a [`Shop`].
///
/// ```
/// use axum::{Router, extract::FromRef, routing::post};
/// use kelviq_axum::{
///     Checkout, CheckoutRedirect, CheckoutRejection, Shop,
///     kelviq_core::{ChargePeriod, Metadata},
/// };
///
/// #[derive(Clone, FromRef)]
/// struct App {
///     shop: Shop,
/// }
///
/// async fn buy(checkout: Checkout) -> Result<CheckoutRedirect, CheckoutRejection> {
///     checkout
///         .plan("pro", ChargePeriod::Monthly)
///         .customer_id("cust_789")
///         .success_path("/thanks")
///         .redirect()
///         .await
/// }
///
/// let app: Router<App> = Router::new().route("/buy", post(buy));
/// ```
///
/// A POST that another site's page sent is refused with 403: `Sec-Fetch-Site` decides, then `Origin`.
#[derive(Debug)]
pub struct Checkout {
    pub(super) shop: Shop,
    pub(super) base: Url,
    pub(super) reference: Reference,
    pub(super) client_ip: Option<IpAddr>,
    pub(super) wants_json: bool,
}

impl Checkout {
    /// A random reference of this checkout. It comes back as `?reference=…` on the success URL, stands on error pages
    /// and in the log, and belongs into the metadata of an app that looks its order up on the success page.
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    /// What is bought: the plan's identifier at Kelviq, and how often it is charged.
    pub fn plan(
        self,
        identifier: impl Into<String>,
        charge_period: ChargePeriod,
    ) -> CheckoutBuilder {
        CheckoutBuilder::new(self, CheckoutPlan::new(identifier, charge_period))
    }

    /// The checkout of a request, unless it came from another site.
    pub(crate) fn for_request(shop: &Shop, parts: &Parts) -> Result<Self, CheckoutRejection> {
        let wants_json = wants_json(&parts.headers);
        let reject = |problem| CheckoutRejection::new(problem, wants_json);
        let base = shop.base(parts).map_err(reject)?;
        if same_site::is_from_another_site(parts, &base) {
            let header = |name| parts.headers.get(name).map(|value| format!("{value:?}"));
            tracing::warn!(
                expected = base.origin().ascii_serialization(),
                origin = header("origin"),
                sec_fetch_site = header("sec-fetch-site"),
                "refused: another site sent the request"
            );
            return Err(reject(CheckoutProblem::CrossSite));
        }
        let reference = Reference::random().map_err(|error| {
            tracing::error!(%error, "no randomness from the operating system");
            reject(CheckoutProblem::Internal)
        })?;
        Ok(Self {
            shop: shop.clone(),
            base,
            reference,
            client_ip: shop.client_ip(parts),
            wants_json,
        })
    }

    pub(crate) fn wants_json(&self) -> bool {
        self.wants_json
    }

    /// The address that success and cancel paths are joined to.
    pub(crate) fn base(&self) -> &str {
        self.base.as_str()
    }

    pub(crate) fn reject(&self, problem: CheckoutProblem) -> CheckoutRejection {
        CheckoutRejection::new(problem, self.wants_json).with_reference(&self.reference)
    }
}

impl<S> FromRequestParts<S> for Checkout
where
    Shop: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = CheckoutRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        Self::for_request(&Shop::from_ref(state), parts)
    }
}

/// Whether the caller asked for JSON: a script, which could not follow a redirect to another origin.
pub(crate) fn wants_json(headers: &HeaderMap) -> bool {
    let mut types = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|item| {
            let (media_type, parameters) = item.split_once(';').unwrap_or((item, ""));
            let refused = parameters.replace(' ', "").split(';').any(|parameter| {
                let quality = parameter.strip_prefix("q=").map(str::parse::<f32>);
                matches!(quality, Some(Ok(0.0)))
            });
            (!refused).then(|| media_type.trim().to_ascii_lowercase())
        })
        .filter(|media_type| media_type == "application/json" || media_type == "text/html");
    types
        .next()
        .is_some_and(|first| first == "application/json")
}
