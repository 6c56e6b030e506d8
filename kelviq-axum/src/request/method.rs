//! The response to a method that a route does not have.

use axum::{
    extract::Request,
    http::header::ALLOW,
    response::{IntoResponse, Response},
};

use super::context::RequestContext;
use crate::{body::respond_unread, rejection::Operation, shop::Shop};

/// Responds with 405 to a method that a route does not have. axum adds `Allow` with the methods of the route.
pub(crate) fn method_not_allowed(operation: Operation, shop: &Shop, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let rejection = match RequestContext::new(operation, shop, &parts) {
        Ok(context) => context.reject_method(&parts.method),
        Err(rejection) => rejection,
    };
    let mut response = rejection.into_response();
    response.headers_mut().remove(ALLOW);
    respond_unread(response, body)
}
