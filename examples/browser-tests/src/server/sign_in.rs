//! The sign-in page: a form with one button, without scripts.

use axum::{
    Form,
    extract::Query,
    http::header::SET_COOKIE,
    response::{Html, IntoResponse, Redirect},
};
use kelviq_axum::ReturnPath;
use serde::Deserialize;

use super::buyer::{COOKIE_NAME, CUSTOMER};

#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

pub(super) async fn page(Query(Next { next }): Query<Next>) -> Html<String> {
    let next = next.replace('&', "&amp;").replace('"', "&quot;");
    Html(format!(
        "<!doctype html><html lang=en><title>Sign in</title><h1>Sign in</h1>\
         <form method=post><input type=hidden name=next value=\"{next}\"><button>Sign in</button></form>"
    ))
}

pub(super) async fn sign_in(Form(Next { next }): Form<Next>) -> impl IntoResponse {
    let next = ReturnPath::new(next);
    let next = next.as_ref().map_or("/", ReturnPath::as_str);
    let cookie = format!("{COOKIE_NAME}={CUSTOMER}; Path=/; HttpOnly; SameSite=Lax");
    ([(SET_COOKIE, cookie)], Redirect::to(next))
}
