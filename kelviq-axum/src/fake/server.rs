//! The routes of Kelviq's API (below `/api/v1`) and of the hosted checkout page.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, RawQuery, Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{AUTHORIZATION, CACHE_CONTROL, WWW_AUTHENTICATE},
    },
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde_json::json;
use tracing::{info, warn};
use url::Url;

use super::{
    api::API,
    checkout_request::validate,
    delivery::deliver,
    hosted_page::{self, Notice},
    inject::inject,
    json_body::JsonBody,
    portal,
    response::{detail, html},
    session::Session,
    session_api,
    sessions::Paid,
    state::FakeState,
    sync::lock,
    webhook_logs,
};

type Shared = State<Arc<FakeState>>;

pub(super) fn router(state: Arc<FakeState>) -> Router {
    let api = Router::new()
        .route("/checkout/", post(create_session))
        .route("/checkout/sessions/{id}/", get(session_api::retrieve))
        .route("/checkout/sessions/", get(session_api::list))
        .route("/webhook/logs/", get(webhook_logs::list))
        .route("/portal/session/", post(portal::create))
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
        .route("/checkout/{id}/", get(page))
        .route("/checkout/{id}/pay", post(pay))
        .route("/checkout/{id}/decline", post(decline))
        .route("/checkout/{id}/cancel", post(cancel))
        .route("/portal/", get(portal::page))
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

async fn create_session(State(state): Shared, JsonBody(body): JsonBody) -> Response {
    let request = match validate(&body) {
        Ok(request) => request,
        Err(errors) => {
            warn!("checkout request rejected: {errors}");
            return (StatusCode::BAD_REQUEST, Json(errors)).into_response();
        }
    };
    for name in &request.unknown {
        warn!("checkout request: unknown field {name:?} ignored");
    }
    let id = lock(&state.sessions).create(body, request);
    let response = json!({
        "checkoutUrl": format!("{}/checkout/{id}/", state.origin),
        "checkoutSessionId": id,
    });
    (StatusCode::CREATED, Json(response)).into_response()
}

async fn page(State(state): Shared, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let notice = query.as_deref().and_then(Notice::from_query);
    while_open(&state, &id, |session| {
        html(StatusCode::OK, hosted_page::checkout(session, notice))
    })
}

async fn pay(State(state): Shared, Path(id): Path<String>) -> Response {
    let Some(session) = find(&state, &id) else {
        return html(StatusCode::NOT_FOUND, hosted_page::not_found());
    };
    let paid = state.pay(&id);
    // The event is delivered once, even if the buyer clicks twice.
    if let Some(Paid {
        event,
        just_now: true,
    }) = paid
    {
        deliver(state, event).await;
    }
    redirect_to(session.checkout.text("successUrl").unwrap_or_default())
}

async fn decline(State(state): Shared, Path(id): Path<String>) -> Response {
    while_open(&state, &id, |_| back_to_page(&id, Notice::Declined))
}

async fn cancel(State(state): Shared, Path(id): Path<String>) -> Response {
    while_open(&state, &id, |session| {
        match session.checkout.text("cancelUrl") {
            Some(url) => redirect_to(url),
            None => back_to_page(&id, Notice::NoCancelUrl),
        }
    })
}

/// Rejects requests without the API key, before anything else is checked.
async fn authorize(State(state): Shared, request: Request, next: Next) -> Response {
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

fn find(state: &FakeState, id: &str) -> Option<Session> {
    lock(&state.sessions).get(id).cloned()
}

/// Calls `respond` with a session that can be paid. Otherwise responds with a page that explains why it cannot.
fn while_open(state: &FakeState, id: &str, respond: impl FnOnce(&Session) -> Response) -> Response {
    match find(state, id) {
        Some(session) if session.checkout.is_paid => {
            html(StatusCode::GONE, hosted_page::finished(&session))
        }
        Some(session) => respond(&session),
        None => html(StatusCode::NOT_FOUND, hosted_page::not_found()),
    }
}

/// Redirects to the checkout page with 303, so that reloading it does not submit the form again.
fn back_to_page(id: &str, notice: Notice) -> Response {
    let page = format!("/checkout/{id}/?{}", notice.as_query());
    ([(CACHE_CONTROL, "no-store")], Redirect::to(&page)).into_response()
}

/// Redirects to one of the app's URLs with 303.
fn redirect_to(url: &str) -> Response {
    match Url::parse(url) {
        // Parsing percent-encodes what a header cannot contain.
        Ok(url) => ([(CACHE_CONTROL, "no-store")], Redirect::to(url.as_str())).into_response(),
        // Cannot happen: the URLs were validated when the session was created.
        Err(_) => html(StatusCode::NOT_FOUND, hosted_page::not_found()),
    }
}
