//! The routes: Kelviq's API below `/api/v1`, and the hosted checkout page.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, RawQuery, Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{
            AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
            WWW_AUTHENTICATE,
        },
    },
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::Markup;
use serde_json::json;
use tracing::{info, warn};
use url::Url;

use super::{
    delivery::deliver,
    event::rfc3339,
    fault,
    hosted_page::{self, Notice},
    json_body::JsonBody,
    judge::judge,
    portal,
    sessions::{Paid, Session},
    shared::{Shared, lock},
};

pub(super) const API: &str = "/api/v1";

type Fake = State<Arc<Shared>>;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    let api = Router::new()
        .route("/checkout/", post(create_session))
        .route("/checkout/sessions/{id}/", get(retrieve_session))
        .route("/portal/session/", post(portal::create))
        .method_not_allowed_fallback(async || {
            detail(
                StatusCode::METHOD_NOT_ALLOWED,
                "This method is not allowed here.",
            )
        })
        .fallback(async || detail(StatusCode::NOT_FOUND, "There is nothing at this path."))
        .layer(middleware::from_fn_with_state(shared.clone(), authorize))
        .layer(middleware::from_fn_with_state(
            shared.clone(),
            fault::inject,
        ));
    let pages = Router::new()
        .route("/checkout/{id}/", get(page))
        .route("/checkout/{id}/pay", post(pay))
        .route("/checkout/{id}/decline", post(decline))
        .route("/checkout/{id}/cancel", post(cancel))
        .route("/portal/", get(portal::page))
        .method_not_allowed_fallback(async || {
            html(
                StatusCode::METHOD_NOT_ALLOWED,
                hosted_page::only_for_buttons(),
            )
        })
        .fallback(async || html(StatusCode::NOT_FOUND, hosted_page::not_found()));
    Router::new()
        .nest(API, api)
        .merge(pages)
        .layer(middleware::from_fn(log))
        .with_state(shared)
}

async fn create_session(State(shared): Fake, JsonBody(body): JsonBody) -> Response {
    let accepted = match judge(&body) {
        Ok(accepted) => accepted,
        Err(refusal) => {
            warn!("checkout refused: {refusal}");
            return (StatusCode::BAD_REQUEST, Json(refusal)).into_response();
        }
    };
    for name in &accepted.unknown {
        warn!("checkout: the field {name:?} is unknown and ignored");
    }
    let id = lock(&shared.sessions).create(body, accepted);
    let answer = json!({
        "checkoutUrl": format!("{}/checkout/{id}/", shared.origin),
        "checkoutSessionId": id,
    });
    (StatusCode::CREATED, Json(answer)).into_response()
}

async fn retrieve_session(State(shared): Fake, Path(id): Path<String>) -> Response {
    let Some(session) = find(&shared, &id) else {
        return detail(StatusCode::NOT_FOUND, "There is no such session.");
    };
    let checkout = &session.checkout;
    let answer = json!({
        "id": id,
        "status": if checkout.is_paid { "success" } else { "open" },
        "customer": {"customerId": session.customer_id},
        "currency": session.price.currency,
        "createdOn": rfc3339(session.created),
    });
    let answer = super::event::with_metadata(&answer, checkout.metadata.as_json());
    ([(CONTENT_TYPE, "application/json")], answer).into_response()
}

async fn page(State(shared): Fake, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let notice = query.as_deref().and_then(Notice::from_query);
    while_open(&shared, &id, |session| {
        html(StatusCode::OK, hosted_page::checkout(session, notice))
    })
}

async fn pay(State(shared): Fake, Path(id): Path<String>) -> Response {
    let Some(session) = find(&shared, &id) else {
        return html(StatusCode::NOT_FOUND, hosted_page::not_found());
    };
    let paid = lock(&shared.sessions).pay(&id);
    // A second click finds the session paid, and only sends the buyer on.
    if let Some(Paid {
        event,
        just_now: true,
    }) = paid
    {
        deliver(shared, event).await;
    }
    send_to(session.checkout.text("successUrl").unwrap_or_default())
}

async fn decline(State(shared): Fake, Path(id): Path<String>) -> Response {
    while_open(&shared, &id, |_| back_to_page(&id, Notice::Declined))
}

async fn cancel(State(shared): Fake, Path(id): Path<String>) -> Response {
    while_open(&shared, &id, |session| {
        match session.checkout.text("cancelUrl") {
            Some(url) => send_to(url),
            None => back_to_page(&id, Notice::NowhereToGoBack),
        }
    })
}

/// Turns away whoever has not the key, before anything else is looked at.
async fn authorize(State(shared): Fake, request: Request, next: Next) -> Response {
    let authorization = request.headers().get(AUTHORIZATION);
    let expected = format!("Bearer {}", shared.api_key);
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

/// One line for each request. Neither query nor headers nor bodies are in it.
async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    info!("{method} {path} -> {}", response.status().as_u16());
    response
}

fn find(shared: &Shared, id: &str) -> Option<Session> {
    lock(&shared.sessions).get(id).cloned()
}

/// Answers for a session that can be paid; else with the page that says why it cannot.
fn while_open(shared: &Shared, id: &str, answer: impl FnOnce(&Session) -> Response) -> Response {
    match find(shared, id) {
        Some(session) if session.checkout.is_paid => {
            html(StatusCode::GONE, hosted_page::finished(&session))
        }
        Some(session) => answer(&session),
        None => html(StatusCode::NOT_FOUND, hosted_page::not_found()),
    }
}

pub(super) fn detail(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"detail": message}))).into_response()
}

/// 303 to the checkout page, so that loading it again presses no button again.
fn back_to_page(id: &str, notice: Notice) -> Response {
    let page = format!("/checkout/{id}/?{}", notice.as_query());
    ([(CACHE_CONTROL, "no-store")], Redirect::to(&page)).into_response()
}

/// 303 to a URL of the app's, written the way a header can carry it.
fn send_to(url: &str) -> Response {
    match Url::parse(url) {
        Ok(url) => ([(CACHE_CONTROL, "no-store")], Redirect::to(url.as_str())).into_response(),
        // Only requests whose URLs hold have become sessions.
        Err(_) => html(StatusCode::NOT_FOUND, hosted_page::not_found()),
    }
}

pub(super) fn html(status: StatusCode, page: Markup) -> Response {
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (REFERRER_POLICY, "same-origin"),
        (CONTENT_TYPE, "text/html; charset=utf-8"),
    ];
    (status, headers, page.into_string()).into_response()
}
