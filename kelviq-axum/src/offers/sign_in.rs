//! The rejection that sends a buyer to the sign-in page.

use std::fmt;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::CACHE_CONTROL, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::return_path::ReturnPath;
use crate::{request::response_format::ResponseFormat, response::redirect::redirect_to};

/// A rejection for the buyer's extractor that sends the buyer to the sign-in page: 303 to `{path}?next=…`, or 401 with
/// `{"error": "sign_in", "signInUrl"}` for a script. htmx gets `HX-Redirect`.
///
/// `next` is a path of the application, to which the application redirects after signing in. It is the [`ReturnPath`] in
/// the extensions of the request. [`routes`](crate::routes) sets it to a page with a button that continues with the same
/// offer and quantities, [`portal`](crate::portal) to its own page, and [`Access`](crate::Access) to the requested page. If
/// the request has none, there is no `next`.
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
///         Err(SignIn::at("/sign-in", parts)) // a real application looks up the session first
///     }
/// }
/// ```
///
/// Anyone can send a buyer to the sign-in page with any `next`. So after signing in, redirect only to a path that
/// [`ReturnPath::new`] accepts, and otherwise to a page such as `/`:
///
/// ```
/// use axum::{Form, response::Redirect};
/// use kelviq_axum::ReturnPath;
///
/// # #[derive(serde::Deserialize)]
/// struct SignInForm {
///     next: Option<String>, // a hidden field, from the query string of the sign-in page
///     // …and the name and the password
/// }
///
/// async fn sign_in(Form(form): Form<SignInForm>) -> Redirect {
///     let next = form.next.and_then(ReturnPath::new);
///     Redirect::to(next.as_ref().map_or("/", ReturnPath::as_str))
/// }
/// ```
#[derive(Clone)]
pub struct SignIn {
    url: String,
    format: ResponseFormat,
}

impl SignIn {
    /// Creates a rejection from the path of the application's sign-in page and the rejected request.
    ///
    /// The path is used as it is. If the shop's public URL has a path such as `/shop`, pass `/shop/sign-in`, also behind a proxy
    /// that strips `/shop`.
    ///
    /// If pages of another origin [sell](crate::Shop::allow_origin), use the URL of the sign-in page: a script, and htmx, can
    /// resolve a path at their own origin.
    pub fn at(path: &str, parts: &Parts) -> Self {
        let mut url = path.to_owned();
        if let Some(next) = parts.extensions.get::<ReturnPath>() {
            let (page, fragment) = path.split_once('#').unwrap_or((path, ""));
            let separator = if page.contains('?') { '&' } else { '?' };
            let next: String = form_urlencoded::byte_serialize(next.as_str().as_bytes()).collect();
            url = format!("{page}{separator}next={next}");
            if !fragment.is_empty() {
                url = format!("{url}#{fragment}");
            }
        }
        Self {
            url,
            format: ResponseFormat::of(parts),
        }
    }
}

impl IntoResponse for SignIn {
    fn into_response(self) -> Response {
        let no_store = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];
        match self.format {
            ResponseFormat::Html | ResponseFormat::Htmx => {
                (no_store, redirect_to(&self.url, self.format)).into_response()
            }
            ResponseFormat::Json => {
                let body = Json(json!({ "error": "sign_in", "signInUrl": self.url }));
                (StatusCode::UNAUTHORIZED, no_store, body).into_response()
            }
        }
    }
}

/// Omits the query string, because `next` can have personal texts of a form.
impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.url.split('?').next();
        f.debug_struct("SignIn")
            .field("path", &path.unwrap_or_default())
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}
