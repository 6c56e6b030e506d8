//! The route of the customer portal.

use axum::{
    extract::{FromRequestParts, Request, State},
    response::IntoResponse,
    routing::{MethodRouter, post},
};

use crate::{
    body::respond_unread,
    offers::{buyer::Buyer, catalogue::Offers},
    rejection::Operation,
    request::method::method_not_allowed,
};

/// Creates a route that signs the buyer in to Kelviq's customer portal. It responds to `POST` with 303, or with
/// `{"customerPortalUrl", "reference"}` to a script; see [`ResponseFormat`](crate::ResponseFormat).
///
/// The customer comes from the extractor for the buyer, never from the request. If it rejects the request, e.g. with
/// a redirect to the sign-in page, its rejection is the response. Other failures are a [`Rejection`](crate::Rejection),
/// as listed for [`Offers::open_portal`].
///
/// ```
/// # use axum::Router;
/// # use kelviq_axum::{Offer, Offers, Shop, portal, routes};
/// # use kelviq_core::{ChargePeriod, Kelviq};
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
    let shop = offers.shop().clone();
    let open = async move |State(state): State<S>, request: Request| {
        let (mut parts, body) = request.into_parts();
        let redirect = offers.open_portal(&mut parts, &state).await;
        respond_unread(redirect.into_response(), body)
    };
    post(open).fallback(async move |request: Request| {
        method_not_allowed(Operation::Portal, &shop, request)
    })
}
