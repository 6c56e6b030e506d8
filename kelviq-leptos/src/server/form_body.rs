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
use kelviq_axum::{__internal::read_form, FormFields, Shop};
use kelviq_core::CheckoutProblem;
use leptos::server_fn::{ServerFn, error::FromServerFnError};

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
/// Moves the fields for the offer into the extensions of the request, as [`FormFields`]. Leptos would read the names of
/// some features as indices, and reject equal duplicates. Returns the arguments of the server function.
pub(crate) async fn read_form_body(
    parts: &mut Parts,
    body: Body,
) -> Result<String, CheckoutProblem> {
    let body = read_form(&parts.headers, body).await?;
    let mut fields = FormFields::new();
    let mut arguments = Vec::new();
    for field in form_urlencoded::parse(&body) {
        if !["offer", "page"].contains(&&*field.0) {
            fields.insert(field.0, field.1);
        } else if !arguments.contains(&field) {
            arguments.push(field);
        }
    }
    parts.extensions.insert(fields);
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
    let mut response = (status, error.ser()).into_response();
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        // The rest of the request body is not read to its end.
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response
}
