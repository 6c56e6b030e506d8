//! The customer portal: where a buyer sees invoices and changes or ends a subscription.

use std::time::Duration;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, StatusCode, header::REFERRER_POLICY},
    response::{IntoResponse, Response},
    routing::{MethodRouter, post},
};
use kelviq_core::{Error, ErrorKind};
use serde_json::json;
use url::Url;

use crate::{
    Buyer, Checkout, CheckoutProblem, CheckoutRejection, Offers, Reference, Shop,
    checkout::send_to, error_page::ErrorPage,
};

/// A route that signs the buyer in to Kelviq's customer portal: `POST` answers with 303 to it, or with
/// `{"customerPortalUrl"}` to a script that accepts JSON.
///
/// Whose portal it is, the buyer's extractor says, never the request. A buyer who is sent to sign in first is sent there;
/// one without a customer id, whom Kelviq does not know, or whose email it does not have, gets 404 and a sentence.
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
        let shop = offers.shop();
        let checkout = match Checkout::for_request(shop, &parts) {
            Ok(checkout) => checkout,
            Err(rejection) => return PortalRejection::before_asking(&rejection).into_response(),
        };
        let buyer = match B::from_request_parts(&mut parts, &state).await {
            Ok(buyer) => buyer,
            Err(rejection) => return rejection.into_response(),
        };
        enter(shop, &buyer, &checkout).await
    })
}

/// Sends the buyer to the checked link that signs them in.
async fn enter(shop: &Shop, buyer: &impl Buyer, checkout: &Checkout) -> Response {
    let (reference, wants_json) = (checkout.reference(), checkout.wants_json());
    let refuse = |problem: PortalProblem, retry_after| {
        PortalRejection {
            problem,
            reference: Some(reference.clone()),
            retry_after,
            wants_json,
        }
        .into_response()
    };
    let Some(customer_id) = buyer.customer_id() else {
        tracing::debug!(%reference, "a buyer without a customer id asked for the portal");
        return refuse(PortalProblem::NoCustomer, None);
    };
    let session = match shop.kelviq().create_portal_session(customer_id).await {
        Ok(session) => session,
        Err(error) => {
            let cause = &error as &dyn std::error::Error;
            tracing::error!(%reference, error = cause, "no portal session");
            return refuse(PortalProblem::of(&error), error.retry_after());
        }
    };
    match shop.redirect_target(&session.signed_url()) {
        Ok(url) => redirect(&url, wants_json),
        Err(problem) => {
            tracing::error!(%reference, problem, "the buyer was not sent to the portal");
            refuse(PortalProblem::Checkout(CheckoutProblem::Upstream), None)
        }
    }
}

fn redirect(url: &Url, wants_json: bool) -> Response {
    let json = wants_json.then(|| json!({ "customerPortalUrl": url.as_str() }));
    let no_referrer = (REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    ([no_referrer], send_to(url, json)).into_response()
}

/// A portal that did not open, as a page for the buyer, or as JSON for a script that accepts it. Fixed sentences only.
///
/// The response carries a clone of it in its extensions, so that an application can put a page of its own in its place.
///
/// ```
/// use axum::response::{IntoResponse, Redirect, Response};
/// use kelviq_axum::PortalRejection;
///
/// // For axum::middleware::map_response, around the portal's route.
/// async fn with_our_page(response: Response) -> Response {
///     match response.extensions().get::<PortalRejection>() {
///         Some(rejection) if rejection.code() == "no_customer" => Redirect::to("/pricing").into_response(),
///         _ => response,
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct PortalRejection {
    problem: PortalProblem,
    reference: Option<Reference>,
    retry_after: Option<Duration>,
    wants_json: bool,
}

/// Why the portal did not open, as far as a buyer may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PortalProblem {
    /// 404: the buyer has no customer id, or Kelviq knows nobody of it, or no email of theirs.
    NoCustomer,
    Checkout(CheckoutProblem),
}

impl PortalRejection {
    /// A request that is refused before anything is asked of Kelviq is refused for the same reasons.
    fn before_asking(rejection: &CheckoutRejection) -> Self {
        Self {
            problem: PortalProblem::Checkout(rejection.problem()),
            reference: rejection.reference().cloned(),
            retry_after: None,
            wants_json: rejection.wants_json(),
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self.problem {
            PortalProblem::NoCustomer => StatusCode::NOT_FOUND,
            PortalProblem::Checkout(problem) => problem.status(),
        }
    }

    /// A stable code for scripts, e.g. `no_customer`.
    pub fn code(&self) -> &'static str {
        match self.problem {
            PortalProblem::NoCustomer => "no_customer",
            PortalProblem::Checkout(problem) => problem.code(),
        }
    }

    /// The sentence for the buyer.
    pub fn sentence(&self) -> &'static str {
        match self.problem {
            PortalProblem::NoCustomer => "There is nothing to manage here.",
            PortalProblem::Checkout(problem) => match problem {
                CheckoutProblem::CrossSite => {
                    "This request came from another site, so nothing was opened."
                }
                CheckoutProblem::WrongAddress => problem.sentence(),
                CheckoutProblem::Busy | CheckoutProblem::Timeout => {
                    "The payment service did not answer. Please try again in a moment."
                }
                _ => "Your purchases could not be opened. Please try again later.",
            },
        }
    }

    /// The reference, which is in the log too.
    pub fn reference(&self) -> Option<&Reference> {
        self.reference.as_ref()
    }
}

impl PortalProblem {
    fn of(error: &Error) -> Self {
        let mut fields = error.field_errors().iter();
        let unknown = fields.any(|error| error.field == "customerId");
        if error.kind() == ErrorKind::Api && unknown {
            Self::NoCustomer
        } else {
            Self::Checkout(CheckoutProblem::of(error))
        }
    }
}

impl IntoResponse for PortalRejection {
    fn into_response(self) -> Response {
        let mut response = ErrorPage {
            status: self.status(),
            code: self.code(),
            title: "Not opened",
            sentence: self.sentence(),
            reference: self.reference.as_ref(),
            retry_after: self.retry_after,
            wants_json: self.wants_json,
        }
        .into_response();
        response.extensions_mut().insert(self);
        response
    }
}
