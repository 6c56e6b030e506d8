//! The customer portal: where a buyer sees invoices and changes or ends a subscription.

use std::{fmt, time::Duration};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, StatusCode, header::REFERRER_POLICY, request::Parts},
    response::{IntoResponse, Response},
    routing::{MethodRouter, post},
};
use kelviq_core::{CheckoutProblem, Error, ErrorKind};
use serde_json::json;
use url::Url;

use crate::{
    Buyer, Checkout, CheckoutRejection, Offers, Reference, Refused, Shop,
    checkout::{problem_of, send_to, status},
    error_page::ErrorPage,
};

/// A route that signs the buyer in to Kelviq's customer portal: `POST` answers with 303 to it, or with
/// `{"customerPortalUrl"}` to a script that accepts JSON.
///
/// Whose portal it is, the buyer's extractor says, never the request. A buyer who is sent to sign in first is sent there;
/// one without a customer id, whom Kelviq does not know, or whose email it does not have, gets 404 and a message.
///
/// ```
/// # use axum::Router;
/// # use kelviq_axum::{Offer, Offers, Shop, kelviq_core::{ChargePeriod, Kelviq}, portal, routes};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kelviq = Kelviq::builder("server-test").base_url("http://127.0.0.1:4010").build()?;
/// let offers = Offers::builder(Shop::on_loopback(kelviq))
///     .offer("pro-monthly", Offer::plan("pro", ChargePeriod::Monthly))
///     .build()?;
/// let app: Router = Router::new()
///     .route("/billing", portal(offers.clone()))
///     .nest("/checkout", routes(offers));
/// # Ok(())
/// # }
/// ```
pub fn portal<B, S>(offers: Offers<B>) -> MethodRouter<S>
where
    B: Buyer + FromRequestParts<S>,
    S: Clone + Send + Sync + 'static,
{
    post(async move |State(state): State<S>, request: Request| {
        let (mut parts, _) = request.into_parts();
        offers.open_portal(&mut parts, &state).await
    })
}

impl<B: Buyer> Offers<B> {
    /// What [`portal`] does, for a request that did not come through it, such as a server function's.
    ///
    /// # Errors
    ///
    /// When another site sent the request, the buyer must sign in first or has no portal, or Kelviq does not open it.
    pub async fn open_portal<S>(
        &self,
        parts: &mut Parts,
        state: &S,
    ) -> Result<PortalRedirect, Refused<PortalRejection>>
    where
        B: FromRequestParts<S>,
        S: Send + Sync,
    {
        let checkout = Checkout::for_request(self.shop(), parts)
            .map_err(|rejection| PortalRejection::before_asking(&rejection))?;
        let buyer = B::from_request_parts(parts, state)
            .await
            .map_err(Refused::by_buyer)?;
        Ok(enter(self.shop(), &buyer, &checkout).await?)
    }
}

/// Asks for the link that signs the buyer in, and checks it.
async fn enter(
    shop: &Shop,
    buyer: &impl Buyer,
    checkout: &Checkout,
) -> Result<PortalRedirect, PortalRejection> {
    let (reference, wants_json) = (checkout.reference(), checkout.wants_json());
    let reject = |problem, retry_after| PortalRejection {
        problem,
        reference: Some(reference.clone()),
        retry_after,
        wants_json,
    };
    let Some(customer_id) = buyer.customer_id() else {
        tracing::debug!(%reference, "a buyer without a customer id asked for the portal");
        return Err(reject(CheckoutProblem::NoCustomer, None));
    };
    let session = shop
        .kelviq()
        .create_portal_session(customer_id)
        .await
        .map_err(|error| {
            let cause = &error as &dyn std::error::Error;
            tracing::error!(%reference, error = cause, "no portal session");
            reject(portal_problem_of(&error), error.retry_after())
        })?;
    let url = shop
        .redirect_target(&session.signed_url())
        .map_err(|problem| {
            tracing::error!(%reference, problem, "the buyer was not sent to the portal");
            reject(CheckoutProblem::Upstream, None)
        })?;
    Ok(PortalRedirect { url, wants_json })
}

fn portal_problem_of(error: &Error) -> CheckoutProblem {
    let mut fields = error.field_errors().iter();
    let unknown = fields.any(|error| error.field == "customerId");
    if error.kind() == ErrorKind::Api && unknown {
        CheckoutProblem::NoCustomer
    } else {
        problem_of(error)
    }
}

/// The way to the customer portal: 303 for a form, `{"customerPortalUrl"}` for a script that accepts JSON. Never cached.
///
/// ```
/// use kelviq_axum::PortalRedirect;
///
/// fn link(redirect: &PortalRedirect) -> &str {
///     redirect.portal_url() // signs the customer in: for this customer's eyes alone
/// }
/// ```
#[derive(Clone)]
pub struct PortalRedirect {
    url: Url,
    wants_json: bool,
}

impl PortalRedirect {
    /// The checked URL, which signs the customer in.
    pub fn portal_url(&self) -> &str {
        self.url.as_str()
    }
}

impl IntoResponse for PortalRedirect {
    fn into_response(self) -> Response {
        let json = self
            .wants_json
            .then(|| json!({ "customerPortalUrl": self.url.as_str() }));
        let no_referrer = (REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        ([no_referrer], send_to(&self.url, json)).into_response()
    }
}

impl fmt::Debug for PortalRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL's token is a key to the customer's account.
        f.debug_struct("PortalRedirect").finish_non_exhaustive()
    }
}

/// A portal that did not open, as a page for the buyer, or as JSON for a script that accepts it. Fixed sentences only.
///
/// The response carries a clone of it in its extensions, so that an application can put a page of its own in its place.
///
/// ```
/// use axum::response::{IntoResponse, Redirect, Response};
/// use kelviq_axum::{CheckoutProblem, PortalRejection};
///
/// // For axum::middleware::map_response, around the portal's route.
/// async fn with_our_page(response: Response) -> Response {
///     match response.extensions().get::<PortalRejection>() {
///         Some(rejection) if rejection.problem() == CheckoutProblem::NoCustomer => Redirect::to("/pricing").into_response(),
///         _ => response,
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct PortalRejection {
    problem: CheckoutProblem,
    reference: Option<Reference>,
    retry_after: Option<Duration>,
    wants_json: bool,
}

impl PortalRejection {
    /// A request that is refused before anything is asked of Kelviq is refused for the same reasons.
    fn before_asking(rejection: &CheckoutRejection) -> Self {
        Self {
            problem: rejection.problem(),
            reference: rejection.reference().cloned(),
            retry_after: None,
            wants_json: rejection.wants_json(),
        }
    }

    /// What went wrong, to answer with a page of your own.
    pub fn problem(&self) -> CheckoutProblem {
        self.problem
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        status(self.problem)
    }

    /// The message for the buyer.
    pub fn message(&self) -> &'static str {
        self.problem.portal_message()
    }

    /// The reference, which is in the log too.
    pub fn reference(&self) -> Option<&Reference> {
        self.reference.as_ref()
    }
}

impl IntoResponse for PortalRejection {
    fn into_response(self) -> Response {
        let mut response = ErrorPage {
            status: self.status(),
            code: self.problem.code(),
            title: "Not opened",
            message: self.message(),
            reference: self.reference.as_ref(),
            retry_after: self.retry_after,
            wants_json: self.wants_json,
        }
        .into_response();
        response.extensions_mut().insert(self);
        response
    }
}
