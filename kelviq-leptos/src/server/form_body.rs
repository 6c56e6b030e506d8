//! The request body of a call of one of the library's own server functions.

use axum::{
    body::{Body, Bytes},
    http::{
        HeaderValue, StatusCode,
        header::{ALLOW, CONNECTION, CONTENT_LENGTH},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use kelviq_axum::{
    __internal::{read_form, request_rejected},
    FormFields,
};
use kelviq_core::CheckoutProblem;
use leptos::server_fn::ServerFn;

use super::{reference::new_reference, response::status_of};
use crate::{
    checkout_error::CheckoutError,
    server_fns::{OpenPortal, SellOffer},
};

/// Returns whether a request calls one of the library's own server functions.
pub(crate) fn calls_library(parts: &Parts) -> bool {
    // The path begins with that of a nested router if the layer is around it.
    let path = parts.uri.path();
    [SellOffer::PATH, OpenPortal::PATH]
        .iter()
        .any(|server_fn| path.ends_with(server_fn))
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

/// Creates the response to a call of one of the library's server functions whose method or body is rejected.
pub(crate) fn reject_call(problem: CheckoutProblem) -> Response {
    request_rejected(problem);
    let reference = new_reference();
    tracing::info!(
        reference,
        problem = problem.code(),
        "rejected a call of a server function"
    );
    let status = status_of(problem);
    let error = CheckoutError::from(problem).with_reference(reference);
    // Not `Encodes::encode`, which sets the status of the response in the context. No server function runs here, so the
    // context can be that of a page that the same thread renders.
    let body = Bytes::from(error.to_body());
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("POST"));
    }
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        // The rest of the request body is not read to its end.
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
