//! The drop-in route.

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequestParts, Path, Request, State},
    response::{IntoResponse, Response},
    routing::post,
};

use super::{Buyer, Offers, form};
use crate::{CheckoutProblem, CheckoutRejection, checkout::wants_json};

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
/// ignored and never forwarded.
pub fn routes<B, S>(offers: Offers<B>) -> Router<S>
where
    B: Buyer + FromRequestParts<S>,
    S: Clone + Send + Sync + 'static,
{
    let sell = async move |Path(name): Path<String>, State(state): State<S>, request: Request| {
        sell(&offers, &name, &state, request)
            .await
            .unwrap_or_else(|rejection| rejection)
    };
    Router::new()
        .route("/{offer}", post(sell))
        .layer(DefaultBodyLimit::max(form::MAX_FORM))
}

async fn sell<B, S>(
    offers: &Offers<B>,
    name: &str,
    state: &S,
    request: Request,
) -> Result<Response, Response>
where
    B: Buyer + FromRequestParts<S>,
    S: Send + Sync,
{
    let wants_json = wants_json(request.headers());
    let reject = |problem| CheckoutRejection::new(problem, wants_json).into_response();
    let offer = offers.offer(name).ok_or_else(|| {
        tracing::debug!("a checkout was asked for an offer that does not exist");
        reject(CheckoutProblem::UnknownOffer)
    })?;
    let (mut parts, body) = request.into_parts();
    let checkout = offers
        .checkout(&parts)
        .map_err(IntoResponse::into_response)?;
    let fields = form::fields(Request::from_parts(parts.clone(), body))
        .await
        .map_err(reject)?;
    let buyer = B::from_request_parts(&mut parts, state)
        .await
        .map_err(IntoResponse::into_response)?;
    offers
        .sell(name, offer, checkout, &buyer, &fields)
        .await
        .map(IntoResponse::into_response)
        .map_err(IntoResponse::into_response)
}
