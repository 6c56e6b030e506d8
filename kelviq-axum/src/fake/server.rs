//! The routes of Kelviq's API (below `/api/v1`) and of its pages.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{AUTHORIZATION, WWW_AUTHENTICATE},
    },
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;
use tracing::info;

use super::{
    api::API,
    checkout_request::validate,
    customers, entitlements, hosted_page,
    inject::inject,
    json_body::JsonBody,
    page_routes, portal,
    response::{bad_request, detail, html},
    session_api,
    state::FakeState,
    subscriptions,
    sync::lock,
    webhook_logs,
};

pub(super) fn router(state: Arc<FakeState>) -> Router {
    let api = Router::new()
        .route("/checkout/", post(create_session))
        .route("/checkout/sessions/{id}/", get(session_api::retrieve))
        .route("/checkout/sessions/", get(session_api::list))
        .route("/webhook/logs/", get(webhook_logs::list))
        .route(
            "/customers/",
            get(customers::api::list).post(customers::api::create),
        )
        .route(
            "/customers/{customer_id}/",
            get(customers::api::retrieve)
                .patch(customers::api::update)
                .delete(customers::api::archive),
        )
        .route("/subscriptions/", get(subscriptions::api::list))
        .route("/subscriptions/{id}/", get(subscriptions::api::retrieve))
        .route(
            "/subscriptions/{id}/cancel/",
            post(subscriptions::api::cancel),
        )
        .route("/entitlements/", get(entitlements::api::list))
        // The official SDKs omit the slash.
        .route("/entitlements", get(entitlements::api::list))
        .route("/portal/session/", post(portal::session::create))
        .method_not_allowed_fallback(async || {
            detail(
                StatusCode::METHOD_NOT_ALLOWED,
                "This method is not allowed here.",
            )
        })
        .fallback(async || detail(StatusCode::NOT_FOUND, "There is nothing at this path."))
        .layer(middleware::from_fn_with_state(state.clone(), authorize))
        .layer(middleware::from_fn_with_state(state.clone(), inject));
    let pages = Router::new()
        .route("/checkout/{id}/", get(page_routes::page))
        .route("/checkout/{id}/pay", post(page_routes::pay))
        .route("/checkout/{id}/decline", post(page_routes::decline))
        .route("/checkout/{id}/cancel", post(page_routes::cancel))
        .route("/portal/", get(portal::routes::page))
        .route("/portal/cancel", post(portal::routes::cancel))
        .method_not_allowed_fallback(async || {
            html(StatusCode::METHOD_NOT_ALLOWED, hosted_page::wrong_method())
        })
        .fallback(async || html(StatusCode::NOT_FOUND, hosted_page::not_found()));
    Router::new()
        .nest(API, api)
        .merge(pages)
        .layer(middleware::from_fn(log))
        .with_state(state)
}

async fn create_session(State(state): State<Arc<FakeState>>, JsonBody(body): JsonBody) -> Response {
    let request = match validate(&body) {
        Ok(request) => request,
        Err(errors) => return bad_request("checkout", errors),
    };
    let id = lock(&state.records).create_session(body, request);
    let response = json!({
        "checkoutUrl": format!("{}/checkout/{id}/", state.origin),
        "checkoutSessionId": id,
    });
    (StatusCode::CREATED, Json(response)).into_response()
}

/// Rejects requests without the API key, before anything else is checked.
async fn authorize(State(state): State<Arc<FakeState>>, request: Request, next: Next) -> Response {
    let authorization = request.headers().get(AUTHORIZATION);
    let expected = format!("Bearer {}", state.api_key);
    let mut response = match authorization.map(HeaderValue::as_bytes) {
        Some(given) if given == expected.as_bytes() => return next.run(request).await,
        Some(_) => detail(StatusCode::UNAUTHORIZED, "The API key is not valid."),
        None => detail(
            StatusCode::UNAUTHORIZED,
            "The Authorization header is missing.",
        ),
    };
    let scheme = HeaderValue::from_static("Bearer");
    response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
    response
}

/// Logs each request, without its query, headers and body.
async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    info!("{method} {path} -> {}", response.status().as_u16());
    response
}
