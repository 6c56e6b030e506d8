//! Buyers who must sign in first, and their way back to the offer.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::CACHE_CONTROL, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;

use super::ReturnPath;
use crate::checkout::wants_json;

/// The rejection of a buyer's extractor that sends the buyer to sign in: 303 to `{path}?next=…`, or 401 with
/// `{"error": "sign_in", "signInUrl"}` to a script that accepts JSON.
///
/// `next` is a path of the application that leads back to the same offer and quantities, with a button to go on: the
/// application redirects there after signing in. Outside of [`routes`](crate::routes) it is the [`ReturnPath`] that the request
/// carries; without one there is no `next`.
///
/// ```
/// use axum::{extract::FromRequestParts, http::request::Parts};
/// use kelviq_axum::SignIn;
///
/// struct CurrentUser;
///
/// impl<S: Send + Sync> FromRequestParts<S> for CurrentUser {
///     type Rejection = SignIn;
///
///     async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SignIn> {
///         Err(SignIn::at("/sign-in", parts)) // in earnest: look the session up first
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct SignIn {
    url: String,
    wants_json: bool,
}

impl SignIn {
    /// The application's sign-in page, and the request of the buyer who is sent there.
    pub fn at(path: &str, parts: &Parts) -> Self {
        let mut url = path.to_owned();
        if let Some(ReturnPath(next)) = parts.extensions.get() {
            let (page, fragment) = path.split_once('#').unwrap_or((path, ""));
            let mark = if page.contains('?') { '&' } else { '?' };
            let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
            url = format!("{page}{mark}next={next}");
            if !fragment.is_empty() {
                url = format!("{url}#{fragment}");
            }
        }
        Self {
            url,
            wants_json: wants_json(&parts.headers),
        }
    }
}

impl IntoResponse for SignIn {
    fn into_response(self) -> Response {
        let no_store = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];
        if self.wants_json {
            let body = Json(json!({ "error": "sign_in", "signInUrl": self.url }));
            return (StatusCode::UNAUTHORIZED, no_store, body).into_response();
        }
        (no_store, Redirect::to(&self.url)).into_response()
    }
}
