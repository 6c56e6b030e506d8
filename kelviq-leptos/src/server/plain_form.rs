//! Forms that a browser submits without JavaScript.

use axum::{
    body::to_bytes,
    http::{
        HeaderValue, Method, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER,
        },
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use kelviq_axum::{ResponseFormat, ReturnPath};
use kelviq_core::CheckoutProblem;
use leptos::server_fn::redirect::REDIRECT_HEADER;

use super::{mount::Mount, reference::new_reference};
use crate::{
    checkout_error::CheckoutError,
    page_query::{self, without_error},
};

/// A form that a browser submitted without JavaScript. The browser shows the response as a page.
#[derive(Clone, Debug)]
pub(crate) struct PlainForm {
    name: String,
    page: ReturnPath,
}

impl PlainForm {
    /// Returns the form of a request. Returns `None` for a request of a script, and for a form that is not of a
    /// component.
    pub(crate) fn from_parts(parts: &Parts, mount: &Mount) -> Option<Self> {
        let query = parts.uri.query()?;
        if parts.method != Method::POST || !query.contains(page_query::FORM) {
            return None;
        }
        let (mut name, mut page) = (None, None);
        for (parameter, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*parameter {
                page_query::FORM => name = Some(value.into_owned()),
                page_query::PAGE => page = Some(value.into_owned()),
                _ => {}
            }
        }
        let (name, page) = (name?, page?);
        if ResponseFormat::of(parts) != ResponseFormat::Html || !is_server_fn(parts.uri.path()) {
            return None;
        }
        Some(Self {
            name,
            page: ReturnPath::new(page).or_else(|| ReturnPath::new(mount.path("/")))?,
        })
    }

    /// Returns the form's page.
    pub(super) fn page(&self) -> &ReturnPath {
        &self.page
    }

    /// Converts the response of the server function into a redirect (303): to `redirect`, which the library has set, to
    /// the path of `leptos_axum::redirect`, or back to the form's page, which shows the error.
    pub(crate) async fn respond(
        self,
        response: Response,
        redirect: Option<HeaderValue>,
    ) -> Response {
        if response.status().is_redirection() {
            return response;
        }
        let (mut parts, body) = response.into_parts();
        let through_leptos = parts.headers.contains_key(REDIRECT_HEADER);
        let location = parts.headers.remove(LOCATION).filter(|_| through_leptos);
        // A server function can fail after it has created a session.
        let redirect = redirect.filter(|_| parts.status.is_success());
        let location = if let Some(location) = redirect.or(location) {
            location
        } else {
            let body = to_bytes(body, 4 * 1024).await.unwrap_or_default();
            self.page_with_error(&error_of(parts.status, &body))
        };
        for name in [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING, RETRY_AFTER] {
            parts.headers.remove(name);
        }
        parts.headers.insert(LOCATION, location);
        parts
            .headers
            .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        (StatusCode::SEE_OTHER, parts.headers).into_response()
    }

    /// Returns the URL of the form's page with the form's name, the problem and its reference.
    fn page_with_error(&self, error: &CheckoutError) -> HeaderValue {
        let page = without_error(self.page.as_str());
        let separator = if page.contains('?') { '&' } else { '?' };
        let reference = error.reference().map(|text| (page_query::REFERENCE, text));
        let error = form_urlencoded::Serializer::new(String::new())
            .append_pair(page_query::FAILED, &self.name)
            .append_pair(page_query::ERROR, error.problem().code())
            .extend_pairs(reference)
            .finish();
        // The path can contain characters that are invalid in a header.
        HeaderValue::try_from(format!("{page}{separator}{error}"))
            .unwrap_or_else(|_| HeaderValue::from_static("/"))
    }
}

/// Returns the error in the response of a server function.
fn error_of(status: StatusCode, body: &[u8]) -> CheckoutError {
    let error = CheckoutError::parse(body).filter(|_| !status.is_success());
    if let Some(error) = error {
        return error;
    }
    let reference = new_reference();
    tracing::error!(
        reference,
        status = status.as_u16(),
        "the response to a checkout form is neither a redirect nor a CheckoutError; \
         route the form's path to leptos_axum::handle_server_fns, within CheckoutLayer"
    );
    CheckoutError::from(CheckoutProblem::Internal).with_reference(reference)
}

/// The path begins with that of a nested router if the layer is around it.
fn is_server_fn(path: &str) -> bool {
    leptos::server_fn::axum::server_fn_paths()
        .any(|(server_fn, method)| path.ends_with(server_fn) && method == Method::POST)
}
