//! The routes of the hosted checkout page.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::{StatusCode, header::CACHE_CONTROL},
    response::{IntoResponse, Redirect, Response},
};
use url::Url;

use super::{
    delivery::deliver,
    hosted_page::{self, Notice},
    records::{CannotPay, Payer},
    response::html,
    session::Session,
    state::FakeState,
    sync::lock,
};

type Shared = State<Arc<FakeState>>;

pub(super) async fn page(
    State(state): Shared,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let notice = query.as_deref().and_then(Notice::from_query);
    while_open(&state, &id, |session| {
        let records = lock(&state.records);
        let customer = records.customers.any(&session.customer_id);
        html(
            StatusCode::OK,
            hosted_page::checkout(session, customer, notice),
        )
    })
}

pub(super) async fn pay(State(state): Shared, Path(id): Path<String>, form: Bytes) -> Response {
    let email = form_urlencoded::parse(&form)
        .find(|(name, _)| name == "email")
        .map(|(_, value)| value.into_owned());
    let paid = match state.pay(&id, &Payer::Buyer(email.as_deref())) {
        Ok(paid) => paid,
        Err(CannotPay::NotFound) => {
            return html(StatusCode::NOT_FOUND, hosted_page::not_found());
        }
        Err(CannotPay::Email) => return back_to_page(&id, Notice::InvalidEmail),
        Err(CannotPay::LockedEmail) => return back_to_page(&id, Notice::LockedEmail),
    };
    // The events are delivered once, even if the buyer clicks twice.
    if paid.just_now {
        deliver(state.clone(), paid.events).await;
    }
    let session = find(&state, &id);
    let url = session
        .as_ref()
        .and_then(|session| session.checkout.text("successUrl"));
    redirect_to(url.unwrap_or_default())
}

pub(super) async fn decline(State(state): Shared, Path(id): Path<String>) -> Response {
    while_open(&state, &id, |_| back_to_page(&id, Notice::Declined))
}

pub(super) async fn cancel(State(state): Shared, Path(id): Path<String>) -> Response {
    while_open(&state, &id, |session| {
        match session.checkout.text("cancelUrl") {
            Some(url) => redirect_to(url),
            None => back_to_page(&id, Notice::NoCancelUrl),
        }
    })
}

fn find(state: &FakeState, id: &str) -> Option<Session> {
    lock(&state.records).sessions.get(id).cloned()
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
