//! The drop-in routes.

use std::convert::Infallible;

use axum::{
    Router,
    extract::{FromRequestParts, RawPathParams, Request, State},
    http::{HeaderMap, Method, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};

use super::{Buyer, Offers, ReturnPath, form, resume::resume};
use crate::{Checkout, CheckoutRejection, checkout::wants_json};

/// `POST /{offer}`: sells the offer and answers with 303 to the checkout page, or with JSON to a script that accepts it.
///
/// Nest it where the application wants it:
///
/// ```
/// # use axum::Router;
/// # use kelviq_axum::{Offer, Offers, Shop, kelviq_core::{ChargePeriod, Kelviq}, routes};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kelviq = Kelviq::builder("server-test").base_url("http://127.0.0.1:4010").build()?;
/// let offers = Offers::builder(Shop::on_loopback(kelviq))
///     .offer("pro-monthly", Offer::plan("pro", ChargePeriod::Monthly))
///     .build()?;
/// let app: Router = Router::new().nest("/checkout", routes(offers));
/// # Ok(())
/// # }
/// ```
///
/// The form may have a field `quantity[…]` for each feature that the offer lets the buyer choose; all other fields are
/// ignored, never forwarded, and named in the log at debug level.
///
/// A buyer with a customer id who clicks again within 5 s, for the same offer and quantities, gets the same session;
/// [`Buyer::metadata`] is asked for the first click only. Buyers without one never share a session.
///
/// `GET /{offer}/resume` is a page with a button that posts the offer: the way back after [`SignIn`](crate::SignIn).
pub fn routes<B, S>(offers: Offers<B>) -> Router<S>
where
    B: Buyer + FromRequestParts<S>,
    S: Clone + Send + Sync + 'static,
{
    let sells_on_get = offers.catalogue.sells_on_get;
    let resuming = offers.clone();
    let resume = async move |Name(name): Name, request: Request| {
        open_resume_page(&resuming, &name, &request)
    };
    let sell = async move |Name(name): Name, State(state): State<S>, request: Request| {
        sell(&offers, name, &state, request)
            .await
            .unwrap_or_else(|rejection| rejection)
    };
    let mut offer = post(sell.clone());
    if sells_on_get {
        offer = offer.get(sell.clone());
    }
    Router::new()
        .route("/{offer}", offer)
        // The page's form posts to the page itself, wherever it is nested and however its path is written.
        .route("/{offer}/resume", get(resume).post(sell))
}

/// The name of the offer in the path. Where the routes are nested below parameters of the application, it is the last.
///
/// A path that is not UTF-8 names no offer.
struct Name(String);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let Ok(parameters) = RawPathParams::from_request_parts(parts, state).await else {
            return Ok(Self(String::new()));
        };
        let offers = parameters.iter().filter(|(name, _)| *name == "offer");
        let name = offers.last().map(|(_, name)| name.to_owned());
        Ok(Self(name.unwrap_or_default()))
    }
}

async fn sell<B, S>(
    offers: &Offers<B>,
    name: String,
    state: &S,
    request: Request,
) -> Result<Response, Response>
where
    B: Buyer + FromRequestParts<S>,
    S: Send + Sync,
{
    if request.method() != Method::POST && !is_visit(request.method(), request.headers()) {
        return Ok(open_resume_page(offers, &name, &request));
    }
    let wants_json = wants_json(request.headers());
    let reject = |problem| CheckoutRejection::new(problem, wants_json).into_response();
    let offer = offers.find(&name).map_err(reject)?;
    let (mut parts, body) = request.into_parts();
    let checkout =
        Checkout::for_request(offers.shop(), &parts).map_err(IntoResponse::into_response)?;
    let fields = if parts.method == Method::POST {
        form::fields(&parts.headers, body).await.map_err(reject)?
    } else {
        form::query(&parts.uri)
    };
    let quantities = offer.choose(&fields).map_err(reject)?;
    if let Some(return_path) = ReturnPath::to_offer(&parts, &quantities) {
        parts.extensions.insert(return_path);
    }
    let buyer = B::from_request_parts(&mut parts, state)
        .await
        .map_err(IntoResponse::into_response)?;
    offers
        .sell_to(buyer, &name, offer, quantities, checkout)
        .await
        .map(IntoResponse::into_response)
        .map_err(IntoResponse::into_response)
}

fn open_resume_page<B>(offers: &Offers<B>, name: &str, request: &Request) -> Response {
    let quantities = offers
        .find(name)
        .and_then(|offer| offer.choose(&form::query(request.uri())));
    match quantities {
        Ok(quantities) => resume(&quantities),
        Err(problem) => {
            CheckoutRejection::new(problem, wants_json(request.headers())).into_response()
        }
    }
}

/// Whether a browser opens the page, rather than fetch it ahead or for a preview.
fn is_visit(method: &Method, headers: &HeaderMap) -> bool {
    let says = |name: &str, value: &str| {
        let values = headers.get_all(name).iter();
        values
            .filter_map(|text| text.to_str().ok())
            .any(|text| text.to_ascii_lowercase().contains(value))
    };
    // Another site's page can open this one, but not in the buyer's name: that takes a click.
    let own = says("sec-fetch-site", "same-origin") || says("sec-fetch-site", "none");
    let ahead = ["sec-purpose", "purpose", "x-purpose", "x-moz"];
    method == Method::GET
        && says("sec-fetch-mode", "navigate")
        && says("sec-fetch-dest", "document")
        && (own || says("sec-fetch-user", "?1"))
        && !ahead.iter().any(|name| headers.contains_key(*name))
}
