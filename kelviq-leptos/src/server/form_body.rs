//! The request body of a call of one of the library's own server functions.

use axum::{
    body::Body,
    http::{
        HeaderValue, StatusCode,
        header::{CONNECTION, CONTENT_LENGTH},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use kelviq_axum::{__internal::read_form, RequestedQuantities, Shop};
use kelviq_core::CheckoutProblem;
use leptos::server_fn::{Encodes, ServerFn};

use super::{reference::new_reference, response::status_of};
use crate::{
    checkout_error::CheckoutError,
    server_fns::{OpenPortal, SellOffer},
};

/// Returns whether a request calls one of the library's own server functions.
pub(crate) fn calls_library(parts: &Parts) -> bool {
    [SellOffer::PATH, OpenPortal::PATH].contains(&parts.uri.path())
}

/// Reads the form. An empty body may have any content type, as in `kelviq_axum::routes`.
///
/// Moves the quantities into the extensions of the request, as [`RequestedQuantities`]. Leptos would read the names of
/// some features as indices, and reject equal duplicates. Returns the other arguments.
pub(crate) async fn read_form_body(
    parts: &mut Parts,
    body: Body,
) -> Result<String, CheckoutProblem> {
    let body = read_form(&parts.headers, body).await?;
    let mut quantities = RequestedQuantities::new();
    let mut arguments = Vec::new();
    for field in form_urlencoded::parse(&body) {
        let feature = field.0.strip_prefix("quantity[");
        if let Some(feature) = feature.and_then(|name| name.strip_suffix(']')) {
            quantities.insert(feature, &*field.1);
        } else if ["offer", "page"].contains(&&*field.0) && !arguments.contains(&field) {
            arguments.push(field);
        }
    }
    parts.extensions.insert(quantities);
    parts.headers.remove(CONTENT_LENGTH);
    Ok(form_urlencoded::Serializer::new(String::new())
        .extend_pairs(arguments)
        .finish())
}

/// Creates the response to a call of one of the library's server functions whose body is rejected.
pub(crate) fn reject_body(problem: CheckoutProblem, shop: &Shop, parts: &mut Parts) -> Response {
    let reference = new_reference(shop, parts);
    tracing::info!(
        reference,
        problem = problem.code(),
        "rejected the body of a request"
    );
    let status = status_of(problem);
    let error = CheckoutError::from(problem).with_reference(reference);
    let Ok(body) = CheckoutError::encode(&error);
    let mut response = (status, body).into_response();
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        // The rest of the request body is not read to its end.
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response
}
