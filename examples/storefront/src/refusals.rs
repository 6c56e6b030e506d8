//! The shop's own page in the place of an answer that is not meant for people.

use axum::{
    body::Body,
    extract::Request,
    http::{
        StatusCode,
        header::{ALLOW, CONTENT_TYPE, RETRY_AFTER},
        request::Parts,
    },
    middleware::Next,
    response::Response,
};
use kelviq_axum::{CheckoutRejection, PortalRejection};
use leptos::prelude::use_context;

/// What the page in place of an answer is about.
#[derive(Clone, Debug)]
pub(crate) enum Refusal {
    /// The checkout did not start.
    Checkout(CheckoutRejection),
    /// The billing portal did not open.
    Portal(PortalRejection),
    /// Somebody opened an address that only buttons lead to, or the other way around.
    WrongMethod,
}

impl Refusal {
    /// The refusal that the page being rendered is about, if it is about one.
    pub(crate) fn of_page() -> Option<Self> {
        use_context::<Parts>()?.extensions.get().cloned()
    }

    fn of_response(response: &Response) -> Option<Self> {
        if response.status() == StatusCode::METHOD_NOT_ALLOWED {
            return Some(Self::WrongMethod);
        }
        let extensions = response.extensions();
        let checkout = extensions.get().cloned().map(Self::Checkout);
        checkout.or_else(|| extensions.get().cloned().map(Self::Portal))
    }
}

/// Renders a page for refusals that have none, or a plain one. Their status stays, and what scripts get stays as well.
pub(crate) async fn show<F>(render: impl Fn(Request) -> F, request: Request, next: Next) -> Response
where
    F: Future<Output = Response>,
{
    let mut page_request = Request::new(Body::empty());
    *page_request.uri_mut() = request.uri().clone();
    let response = next.run(request).await;
    let content_type = response.headers().get(CONTENT_TYPE);
    let is_json = content_type.is_some_and(|value| value == "application/json");
    let Some(refusal) = Refusal::of_response(&response).filter(|_| !is_json) else {
        return response;
    };
    page_request.extensions_mut().insert(refusal);
    let mut page = render(page_request).await;
    *page.status_mut() = response.status();
    for name in [ALLOW, RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}
