//! The forms on the account page. They are plain forms, with and without JavaScript.

use std::{error::Error, iter::once};

use axum::{
    Extension, Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{StatusCode, header::SET_COOKIE, request::Parts},
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use url::form_urlencoded;

use super::{accounts::Accounts, render::Renderer, visitor::Visitor, visitor_cookie};
use crate::account::{Account, RejectedForm, SIGN_OUT};

const NAME_LENGTH: usize = 100;
/// The longest address to which email can be sent.
const EMAIL_LENGTH: usize = 254;

/// Creates the route for the page's forms. A rejected form is answered by the page at the same path, so that the browser
/// can hydrate it.
pub(super) fn route(renderer: Renderer) -> Router {
    Router::new()
        .route("/account", post(submit))
        .with_state(renderer)
}

async fn submit(
    State(renderer): State<Renderer>,
    Extension(accounts): Extension<Accounts>,
    visitor: Visitor,
    parts: Parts,
    body: Bytes,
) -> Response {
    let changed = if !visitor_cookie::is_own_form(&parts.headers) {
        Err(foreign_form())
    } else if form_urlencoded::parse(&body).any(|(name, _)| name == SIGN_OUT) {
        sign_out(&accounts, &visitor).await
    } else {
        save(&accounts, &visitor, account(&body)).await
    };
    match changed {
        Ok(response) => response,
        Err((status, form)) => {
            let request = Request::from_parts(parts, Body::empty());
            (status, renderer.account_page(request, form).await).into_response()
        }
    }
}

type Result<T> = std::result::Result<T, (StatusCode, RejectedForm)>;

/// Creates or changes the visitor's account.
async fn save(accounts: &Accounts, visitor: &Visitor, account: Account) -> Result<Response> {
    let form = RejectedForm {
        name_error: name_error(&account.name),
        email_error: email_error(&account.email),
        form_error: None,
        fields: account,
    };
    if form.name_error.is_some() || form.email_error.is_some() {
        return Err((StatusCode::UNPROCESSABLE_ENTITY, form));
    }
    match accounts.save(visitor.customer_id(), &form.fields).await {
        Ok(()) => Ok(Redirect::to("/account?saved").into_response()),
        Err(error) => Err(not_changed(form.fields, &error)),
    }
}

/// Deletes the visitor's account, and makes the browser forget the visitor.
async fn sign_out(accounts: &Accounts, visitor: &Visitor) -> Result<Response> {
    match accounts.delete(visitor.customer_id()).await {
        Ok(()) => {
            let forget = [(SET_COOKIE, visitor_cookie::REMOVAL)];
            Ok((forget, Redirect::to("/account?signed-out")).into_response())
        }
        Err(error) => Err(not_changed(Account::default(), &error)),
    }
}

/// Reads the fields of the form. A missing field is empty.
fn account(body: &[u8]) -> Account {
    let mut account = Account::default();
    for (name, value) in form_urlencoded::parse(body) {
        match &*name {
            "name" => value.trim().clone_into(&mut account.name),
            "email" => value.trim().clone_into(&mut account.email),
            _ => {}
        }
    }
    account
}

fn name_error(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("Please enter your name.".into());
    }
    let is_valid = name.chars().count() <= NAME_LENGTH && !name.contains(char::is_control);
    (!is_valid).then(|| {
        format!("Please enter a name of up to {NAME_LENGTH} letters, without line breaks.")
    })
}

/// Finds typing errors. Only an email that arrives could prove that the address is valid.
fn email_error(email: &str) -> Option<String> {
    let is_valid = email.split_once('@').is_some_and(|(user, domain)| {
        let mut labels = once(user).chain(domain.split('.'));
        domain.contains('.') && labels.all(|label| !label.is_empty() && !label.contains('@'))
    });
    let is_valid = is_valid
        && email.len() <= EMAIL_LENGTH
        && !email.contains(|c: char| c.is_whitespace() || c.is_control());
    (!is_valid).then(|| "Please enter an email address, such as you@example.com.".into())
}

fn not_changed(fields: Account, error: &sqlx::Error) -> (StatusCode, RejectedForm) {
    let error = error as &dyn Error;
    tracing::error!(error, "the account could not be changed");
    let message = "We cannot change your account right now. The problem is on our side, and nothing has changed. \
         Please try again in a few minutes.";
    (StatusCode::SERVICE_UNAVAILABLE, form_error(fields, message))
}

/// The fields are not shown: another site may have filled them in.
fn foreign_form() -> (StatusCode, RejectedForm) {
    let message = "Nothing has changed: this form came from another site, or your browser did not send the shop's cookie. \
         The shop recognizes you by that cookie, so please allow it and try again.";
    (
        StatusCode::FORBIDDEN,
        form_error(Account::default(), message),
    )
}

fn form_error(fields: Account, message: &str) -> RejectedForm {
    RejectedForm {
        fields,
        name_error: None,
        email_error: None,
        form_error: Some(message.into()),
    }
}
