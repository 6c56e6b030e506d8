//! The routes of the portal's page.

use std::{collections::HashMap, sync::Arc};

use axum::{
    body::Bytes,
    extract::{Query, State},
    http::{StatusCode, header::CACHE_CONTROL},
    response::{IntoResponse, Redirect, Response},
};
use maud::Markup;

use super::page;
use crate::fake::{
    delivery::deliver,
    response::html,
    session::Session,
    state::FakeState,
    subscriptions::cancellation::{Cancellation, End},
    sync::lock,
};

/// Serves the page that a portal session's token gives access to.
pub(crate) async fn page(
    State(state): State<Arc<FakeState>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    match query.get("token").and_then(|token| portal(&state, token)) {
        Some(page) => html(StatusCode::OK, page),
        None => html(StatusCode::NOT_FOUND, page::not_found()),
    }
}

/// Cancels a subscription of the customer, and goes back to the page.
pub(crate) async fn cancel(State(state): State<Arc<FakeState>>, form: Bytes) -> Response {
    let form: HashMap<_, _> = form_urlencoded::parse(&form).into_owned().collect();
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    let (token, id) = (field("token"), field("subscription"));
    let end = match field("end") {
        "now" => End::Now,
        _ => End::WithPeriod,
    };
    let customer_id = lock(&state.portal_tokens).get(token).cloned();
    let own_end_date = lock(&state.records)
        .subscriptions
        .get(id)
        .filter(|subscription| Some(&subscription.customer_id) == customer_id.as_ref())
        .map(|subscription| subscription.end_date);
    let Some(end_date) = own_end_date else {
        return html(StatusCode::NOT_FOUND, page::not_found());
    };
    // A second click on a button that the page no longer shows.
    let is_repeated = matches!(end, End::WithPeriod) && end_date.is_some();
    // It fails if it was canceled meanwhile, which the page shows.
    if !is_repeated
        && let Ok(event) = state.cancel(id, end, Cancellation::by("CANCELLED_BY_CUSTOMER"))
    {
        deliver(state.clone(), vec![event]).await;
    }
    let token: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
    let page = format!("/portal/?token={token}");
    ([(CACHE_CONTROL, "no-store")], Redirect::to(&page)).into_response()
}

fn portal(state: &FakeState, token: &str) -> Option<Markup> {
    let customer_id = lock(&state.portal_tokens).get(token)?.clone();
    let records = lock(&state.records);
    let customer = records.customers.any(&customer_id)?;
    let is_own = |id: &String| *id == customer_id;
    let sessions = records.sessions.newest_first();
    let shop = sessions
        .filter(|session| is_own(&session.customer_id))
        .find_map(Session::shop);
    let subscriptions: Vec<_> = records
        .subscriptions
        .latest()
        .filter(|subscription| is_own(&subscription.customer_id))
        .collect();
    Some(page::portal(token, customer, &subscriptions, shop.as_ref()))
}
