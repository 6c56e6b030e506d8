//! The route of the customer portal.

use axum::{
    extract::{FromRequestParts, Request, State},
    response::IntoResponse,
    routing::{MethodRouter, get},
};

use crate::{
    body::respond_unread,
    offers::{buyer::Buyer, return_path::ReturnPath},
    rejection::Operation,
    request::{context::RequestContext, method::method_not_allowed},
    response::resume_page::ResumePage,
    shop::Shop,
};

/// Creates a route that signs the buyer in to Kelviq's customer portal. It responds to `POST` with 303, or with
/// `{"customerPortalUrl", "reference"}` to a script; see [`ResponseFormat`](crate::ResponseFormat). `GET` is a
/// [page with a button](crate::ResumePage) that posts, so that an email can link to it. An application can replace it with its
/// own [page](crate::Page).
///
/// The customer comes from the extractor for the buyer, which runs for `POST`, never from the request. If it rejects the request, e.g. with
/// [`SignIn`](crate::SignIn), its rejection is the response. A buyer who signs in returns to the page with the button.
/// Other failures are a [`Rejection`](crate::Rejection), as listed for [`Shop::open_portal`].
///
/// ```
/// # use axum::{Router, extract::FromRequestParts, http::request::Parts};
/// # use kelviq_axum::{Buyer, Shop, SignIn, portal};
/// # use kelviq_core::CustomerProfile;
/// # struct CurrentUser { id: String }
/// # impl<S: Send + Sync> FromRequestParts<S> for CurrentUser {
/// #     type Rejection = SignIn;
/// #     async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SignIn> {
/// #         Err(SignIn::at("/sign-in", parts))
/// #     }
/// # }
/// # impl Buyer for CurrentUser {
/// #     fn customer(&self) -> Option<CustomerProfile> { Some(CustomerProfile::new(&self.id)) }
/// # }
/// fn app(shop: Shop) -> Router {
///     // `CurrentUser` implements `Buyer`.
///     Router::new().route("/billing", portal::<CurrentUser, _>(shop))
/// }
/// ```
pub fn portal<B, S>(shop: Shop) -> MethodRouter<S>
where
    B: Buyer + FromRequestParts<S>,
    S: Clone + Send + Sync + 'static,
{
    let page = {
        let shop = shop.clone();
        async move |request: Request| {
            let (parts, body) = request.into_parts();
            let response = match RequestContext::new(Operation::Portal, &shop, &parts) {
                Ok(_) => ResumePage::new(None, &shop).into_response(),
                Err(rejection) => rejection.into_response(),
            };
            respond_unread(response, body)
        }
    };
    let open = {
        let shop = shop.clone();
        async move |State(state): State<S>, request: Request| {
            let (mut parts, body) = request.into_parts();
            if let Some(path) = ReturnPath::to_request(&parts, shop.public_path()) {
                parts.extensions.insert(path);
            }
            let redirect = shop.open_portal::<B, S>(&mut parts, &state).await;
            respond_unread(redirect.into_response(), body)
        }
    };
    get(page)
        .post(open)
        .fallback(async move |request: Request| {
            method_not_allowed(Operation::Portal, &shop, request)
        })
}
