//! Buyers who must sign in first, and their way back to the offer.

use axum::{
    Json,
    extract::OriginalUri,
    http::{HeaderValue, StatusCode, header::CACHE_CONTROL, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;

use super::offer::field_name;
use crate::checkout::wants_json;

/// The rejection of a buyer's extractor that sends the buyer to sign in: 303 to `{path}?next=…`, or 401 with
/// `{"error": "sign_in", "signInUrl"}` to a script that accepts JSON.
///
/// `next` is a path of the application that leads back to the same offer and quantities, with a button to go on: the
/// application redirects there after signing in. Outside of [`routes`](crate::routes) there is no `next`.
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
        if let Some(Resume(next)) = parts.extensions.get() {
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

/// The path that leads back to an offer. Private, so that only the route sets it.
#[derive(Clone)]
pub(super) struct Resume(String);

impl Resume {
    /// The way back to the offer, for [`resume`](super::resume::resume).
    pub(super) fn new(parts: &Parts, quantities: &[(String, u32)]) -> Option<Self> {
        let OriginalUri(uri) = parts.extensions.get()?;
        let path = uri.path().trim_end_matches('/');
        let path = path.strip_suffix("/resume").unwrap_or(path);
        // A path that begins with two slashes would be read as another host.
        if !path.starts_with('/') || path[1..].starts_with(['/', '\\']) {
            return None;
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (feature, quantity) in quantities {
            query.append_pair(&field_name(feature), &quantity.to_string());
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        Some(Self(format!("{path}/resume{mark}{query}")))
    }
}
