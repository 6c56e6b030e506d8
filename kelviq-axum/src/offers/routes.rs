//! The drop-in routes.

use std::convert::Infallible;

use axum::{
    Router,
    extract::{FromRequestParts, RawPathParams, Request, State},
    http::{HeaderMap, Method, Uri, header::CONTENT_TYPE, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};

use super::{
    buyer::Buyer, catalogue::Offers, choice::Choice, form_fields::FormFields,
    resume_page::resume_page, return_path::ReturnPath,
};
use crate::{
    body::respond_unread,
    rejection::Operation,
    request::{
        context::RequestContext,
        form::{form_fields, query_fields},
        method::method_not_allowed,
    },
};

/// Creates the routes that sell offers. `POST /{offer}` starts a checkout and responds with 303 to its page, or to a script
/// with `{"checkoutUrl", "checkoutSessionId", "reference"}`; see [`ResponseFormat`](crate::ResponseFormat), also for htmx and
/// Turbo.
///
/// They can be nested at any path:
///
/// ```
/// # use axum::Router;
/// # use kelviq_axum::{Offer, Offers, Shop, routes};
/// # use kelviq_core::{ChargePeriod, Kelviq};
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
/// The form may have a field `quantity[…]` for each feature whose quantity the buyer chooses, and the fields that the offer
/// [allows](crate::Offer::field). All other fields are ignored. Their names are logged at debug level. The body is
/// `application/x-www-form-urlencoded`, `multipart/form-data` without files, such as a script's `FormData`, or
/// `application/json` with a flat object of strings and integers, such as `{"quantity[seats]": 5}`.
///
/// Pages of another origin can sell if it is [allowed](crate::Shop::allow_origin).
///
/// If a buyer with a customer id clicks again within 5 s for the same purchase, the response has the same session, unless
/// the shop has learnt that it [has ended](crate::Shop::session_ended). Two purchases are the same if they have the same
/// customer, offer, quantities, form fields that the offer allows, success and cancel URLs, and [`Buyer::purchase_key`].
/// [`Buyer::metadata`] is called for the first click only. Buyers without an id never share a session.
///
/// `GET /{offer}/resume` is a [page with a button](crate::ResumePage) that posts the offer. A buyer returns to it after
/// [`SignIn`](crate::SignIn). An application can replace it, and the error pages, with its own [pages](crate::Page).
///
/// # Rejections
///
/// The response is the rejection of the buyer's extractor, the error of [`Buyer::metadata`], or a
/// [`Rejection`](crate::Rejection):
///
/// - 404 ([`UnknownOffer`](crate::CheckoutProblem::UnknownOffer)) if there is no offer with this name.
/// - 403 ([`CrossSite`](crate::CheckoutProblem::CrossSite)) if a page of another site sent a `POST`, unless
///   its origin is [allowed](crate::Shop::allow_origin).
/// - 400 ([`WrongAddress`](crate::CheckoutProblem::WrongAddress)) if the shop is [on loopback](crate::Shop::on_loopback) and the
///   request is not a direct request to loopback.
/// - 405 ([`MethodNotAllowed`](crate::CheckoutProblem::MethodNotAllowed)) for other methods.
/// - 409 ([`AlreadySubscribed`](crate::CheckoutProblem::AlreadySubscribed)) if the offer
///   [refuses subscribers](crate::Offer::refuse_subscribers) and the customer has a subscription already.
/// - 413 ([`BodyTooLarge`](crate::CheckoutProblem::BodyTooLarge)) if the form is larger than 16 KiB.
/// - 400 ([`UnreadableBody`](crate::CheckoutProblem::UnreadableBody)) if the form is not complete within 10 s, or the connection
///   breaks.
/// - 415 ([`UnsupportedBody`](crate::CheckoutProblem::UnsupportedBody)) if the body is neither a form nor JSON, or contains a
///   file.
/// - 422 ([`InvalidBody`](crate::CheckoutProblem::InvalidBody)) if the body is malformed, or is JSON of another shape.
/// - 422 ([`InvalidQuantity`](crate::CheckoutProblem::InvalidQuantity)) if the offer does not allow a quantity.
/// - 422 ([`InvalidDiscountCode`](crate::CheckoutProblem::InvalidDiscountCode)) if Kelviq declines the offer's discount code.
/// - 422 ([`InvalidField`](crate::CheckoutProblem::InvalidField)) if a field that the offer allows is invalid.
/// - 500, 502, 503 or 504 if Kelviq creates no session, or its URL has a host that is not allowed.
pub fn routes<B, S>(offers: Offers<B>) -> Router<S>
where
    B: Buyer + FromRequestParts<S>,
    S: Clone + Send + Sync + 'static,
{
    let sell_on_get = offers.catalogue.sell_on_get;
    let shop = offers.shop().clone();
    let resume = {
        let offers = offers.clone();
        async move |Name(name): Name, request: Request| {
            let (parts, body) = request.into_parts();
            let response = match RequestContext::new(Operation::Checkout, offers.shop(), &parts) {
                Ok(context) => open_resume_page(&offers, &name, &context, &parts.uri),
                Err(rejection) => rejection.into_response(),
            };
            respond_unread(response, body)
        }
    };
    let sell_from_resume_page = {
        let offers = offers.clone();
        async move |Name(name): Name, State(state): State<S>, request: Request| {
            sell(&offers, &name, &state, request, ReturnPath::to_resume_page).await
        }
    };
    let sell = async move |Name(name): Name, State(state): State<S>, request: Request| {
        sell(&offers, &name, &state, request, ReturnPath::to_offer).await
    };
    let reject_method =
        async move |request: Request| method_not_allowed(Operation::Checkout, &shop, request);
    let mut offer = post(sell.clone()).fallback(reject_method.clone());
    if sell_on_get {
        offer = offer.get(sell);
    }
    Router::new()
        .route("/{offer}", offer)
        // The page's form has no action, so that it posts to the page itself at any nested path.
        .route(
            "/{offer}/resume",
            get(resume)
                .post(sell_from_resume_page)
                .fallback(reject_method),
        )
}

/// The name of the offer in the path. It is the last parameter `offer`, because a path that the routes are nested at can
/// have a parameter of the same name.
///
/// For a path that is not UTF-8, the name is empty, so that no offer matches.
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
    name: &str,
    state: &S,
    request: Request,
    return_path: fn(&Parts, &str, &Choice) -> Option<ReturnPath>,
) -> Response
where
    B: Buyer + FromRequestParts<S>,
    S: Send + Sync,
{
    let (mut parts, body) = request.into_parts();
    let context = match RequestContext::new(Operation::Checkout, offers.shop(), &parts) {
        Ok(context) => context,
        Err(rejection) => return respond_unread(rejection.into_response(), body),
    };
    let is_post = parts.method == Method::POST;
    if !is_post && !is_visit(&parts.method, &parts.headers) {
        let page = open_resume_page(offers, name, &context, &parts.uri);
        return respond_unread(page, body);
    }
    let content_type = parts.headers.get(CONTENT_TYPE).cloned();
    let uri = parts.uri.clone();
    let mut body = Some(body);
    let requested = async {
        let fields = match body.take() {
            Some(body) if is_post => form_fields(content_type.as_ref(), body).await?,
            _ => query_fields(&uri),
        };
        Ok(FormFields::from_iter(fields))
    };
    // Boxed, because the future of the sale would have space for it while the buyer waits.
    let requested = Box::pin(requested);
    let redirect = offers.sell_with(context, name, requested, return_path, &mut parts, state);
    let response = redirect.await.into_response();
    match body {
        Some(body) => respond_unread(response, body),
        None => response,
    }
}

fn open_resume_page<B>(
    offers: &Offers<B>,
    name: &str,
    context: &RequestContext,
    uri: &Uri,
) -> Response {
    let offer = match offers.find(name) {
        Ok(offer) => offer,
        Err(problem) => return context.reject_offer(None, problem).into_response(),
    };
    match offer.choose(&FormFields::from_iter(query_fields(uri))) {
        Ok(choice) => resume_page(name, offer, &choice, offers.shop()).into_response(),
        Err(invalid) => invalid.reject(name, context).into_response(),
    }
}

/// Returns `true` if a browser opens the page, as opposed to a prefetch or a link preview.
fn is_visit(method: &Method, headers: &HeaderMap) -> bool {
    let has = |name: &str, value: &str| {
        let values = headers.get_all(name).iter();
        values
            .filter_map(|text| text.to_str().ok())
            .any(|text| text.to_ascii_lowercase().contains(value))
    };
    // A navigation from another origin is a visit only if the user triggered it (`Sec-Fetch-User: ?1`), because a page can
    // navigate without a click.
    let is_same_site = has("sec-fetch-site", "same-origin") || has("sec-fetch-site", "none");
    let is_click = has("sec-fetch-user", "?1");
    let prefetch = ["sec-purpose", "purpose", "x-purpose", "x-moz"];
    method == Method::GET
        && has("sec-fetch-mode", "navigate")
        && has("sec-fetch-dest", "document")
        && (is_same_site || is_click)
        && !prefetch.iter().any(|name| headers.contains_key(*name))
}
