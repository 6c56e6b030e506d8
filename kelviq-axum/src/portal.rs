//! The customer portal: where a buyer sees invoices and changes or ends a subscription.

use axum::{
    Json,
    extract::{FromRequestParts, Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY},
    },
    response::{IntoResponse, Response},
    routing::{MethodRouter, post},
};
use kelviq_core::{Error, ErrorKind, PortalSession};
use serde_json::json;

use crate::{
    Buyer, CheckoutProblem, Offers, Shop,
    checkout::{is_from_another_site, wants_json},
    error_page::ErrorPage,
};

/// A route that signs the buyer in to Kelviq's customer portal: `POST` answers with 303 to it, or with
/// `{"customerPortalUrl"}` to a script that accepts JSON.
///
/// Whose portal it is, the buyer's extractor says, never the request. A buyer who is sent to sign in first is sent there;
/// one without a customer id, or whom Kelviq does not know, gets 404 and a sentence.
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
        let wants_json = wants_json(&parts.headers);
        let refuse = |problem: Problem| problem.page(wants_json);
        match shop.base(&parts) {
            Ok(base) if is_from_another_site(&parts, &base) => return refuse(Problem::CrossSite),
            Ok(_) => {}
            Err(_) => return refuse(Problem::WrongAddress),
        }
        let buyer = match B::from_request_parts(&mut parts, &state).await {
            Ok(buyer) => buyer,
            Err(rejection) => return rejection.into_response(),
        };
        match enter(shop, &buyer).await {
            Ok(url) => redirect(&url, wants_json),
            Err(problem) => refuse(problem),
        }
    })
}

/// The checked link that signs the buyer in.
async fn enter(shop: &Shop, buyer: &impl Buyer) -> Result<String, Problem> {
    let customer_id = buyer.customer_id().ok_or(Problem::NoCustomer)?;
    let session = shop.kelviq().create_portal_session(customer_id).await;
    let session = session.map_err(|error| {
        let problem = Problem::of(&error);
        let error = &error as &dyn std::error::Error;
        tracing::error!(error, "no portal session");
        problem
    })?;
    let url = shop.redirect_target(&PortalSession::signed_url(&session));
    url.map(String::from).map_err(|problem| {
        tracing::error!(problem, "the buyer was not sent to the portal");
        Problem::Upstream
    })
}

fn redirect(url: &str, wants_json: bool) -> Response {
    let headers = [
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    if wants_json {
        return (headers, Json(json!({ "customerPortalUrl": url }))).into_response();
    }
    match HeaderValue::try_from(url) {
        Ok(location) => (StatusCode::SEE_OTHER, headers, [(LOCATION, location)]).into_response(),
        Err(_) => Problem::Upstream.page(wants_json),
    }
}

/// Why the portal did not open, as far as a buyer may know it.
#[derive(Clone, Copy)]
enum Problem {
    NoCustomer,
    CrossSite,
    WrongAddress,
    Busy,
    Timeout,
    Upstream,
}

impl Problem {
    fn of(error: &Error) -> Self {
        let unknown_customer = error.kind() == ErrorKind::Api
            && error
                .field_errors()
                .iter()
                .any(|error| error.field == "customerId");
        match CheckoutProblem::of(error) {
            _ if unknown_customer => Self::NoCustomer,
            CheckoutProblem::Busy => Self::Busy,
            CheckoutProblem::Timeout => Self::Timeout,
            _ => Self::Upstream,
        }
    }

    fn page(self, wants_json: bool) -> Response {
        let (status, code, sentence) = match self {
            Self::NoCustomer => (
                StatusCode::NOT_FOUND,
                "no_customer",
                "There are no purchases to manage yet.",
            ),
            Self::CrossSite => (
                StatusCode::FORBIDDEN,
                "cross_site",
                "This request came from another site, so nothing was opened.",
            ),
            Self::WrongAddress => (
                StatusCode::BAD_REQUEST,
                "wrong_address",
                "The shop cannot be reached at this address.",
            ),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "The payment service is busy. Please try again in a moment.",
            ),
            Self::Timeout => (
                StatusCode::GATEWAY_TIMEOUT,
                "timeout",
                "The payment service did not answer in time. Please try again in a moment.",
            ),
            Self::Upstream => (
                StatusCode::BAD_GATEWAY,
                "upstream",
                "Your purchases could not be opened. Please try again later.",
            ),
        };
        ErrorPage {
            status,
            code,
            title: "Not opened",
            sentence,
            reference: None,
            retry_after: None,
            wants_json,
        }
        .into_response()
    }
}
