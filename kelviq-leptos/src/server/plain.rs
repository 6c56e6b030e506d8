//! Forms that a browser sends without JavaScript.

use axum::{
    body::to_bytes,
    extract::Request,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{
            ACCEPT, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, LOCATION,
            RETRY_AFTER,
        },
    },
    response::{IntoResponse, Response},
};
use kelviq_axum::ReturnPath;
use leptos::server_fn::redirect::REDIRECT_HEADER;

use crate::{
    CheckoutError, CheckoutProblem,
    plain_form::{parameter, without_error},
};

/// A form that was sent by the browser itself, which shows whatever is answered.
#[derive(Clone, Debug)]
pub(super) struct PlainForm {
    name: String,
    page: ReturnPath,
}

impl PlainForm {
    /// The form that was sent with a request; `None` for a script's, and for forms of others.
    pub(super) fn of(request: &Request) -> Option<Self> {
        let query = request.uri().query()?;
        if request.method() != Method::POST || !query.contains(parameter::FORM) {
            return None;
        }
        let (mut name, mut page) = (None, None);
        for (parameter, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*parameter {
                parameter::FORM => name = Some(value.into_owned()),
                parameter::PAGE => page = Some(value.into_owned()),
                _ => {}
            }
        }
        let (name, page) = (name?, page?);
        let is_ours = !is_script(request.headers()) && is_server_fn(request.uri().path());
        is_ours.then_some(())?;
        Some(Self {
            name,
            page: ReturnPath::new(page).or_else(|| ReturnPath::new("/"))?,
        })
    }

    /// The page that the form is on.
    pub(super) fn page(&self) -> &ReturnPath {
        &self.page
    }

    /// 303 to where the buyer is sent, or back to the page, which shows what went wrong.
    pub(super) async fn answer(self, response: Response, target: Option<HeaderValue>) -> Response {
        if response.status().is_redirection() {
            return response;
        }
        let (mut parts, body) = response.into_parts();
        // What a function gave up on again does not count, and one of the application's own can use Leptos' own means.
        let target = target.filter(|_| parts.status.is_success());
        let elsewhere = || {
            parts.headers.get(REDIRECT_HEADER)?;
            parts.headers.get(LOCATION).cloned()
        };
        let location = if let Some(location) = target.or_else(elsewhere) {
            location
        } else {
            let answer = to_bytes(body, 4 * 1024).await.unwrap_or_default();
            self.failed(problem(parts.status, &answer))
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

    /// The page, with the form that failed and why.
    fn failed(&self, problem: CheckoutProblem) -> HeaderValue {
        let page = without_error(self.page.as_str());
        let mark = if page.contains('?') { '&' } else { '?' };
        let error = form_urlencoded::Serializer::new(String::new())
            .append_pair(parameter::FAILED, &self.name)
            .append_pair(parameter::ERROR, problem.code())
            .finish();
        // A page can have characters in its path that a header cannot hold.
        HeaderValue::try_from(format!("{page}{mark}{error}"))
            .unwrap_or_else(|_| HeaderValue::from_static("/"))
    }
}

/// What the server function answered.
fn problem(status: StatusCode, answer: &[u8]) -> CheckoutProblem {
    let error = CheckoutError::read(answer).filter(|_| !status.is_success());
    if let Some(error) = error {
        return error.problem();
    }
    tracing::error!(
        status = status.as_u16(),
        "a checkout form was not answered by a server function that sends the buyer on; \
         is leptos_axum::handle_server_fns at its path, within CheckoutLayer?"
    );
    CheckoutProblem::Internal
}

/// A browser that sends a form asks for anything but JSON.
fn is_script(headers: &HeaderMap) -> bool {
    let mut accept = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok());
    accept.any(|value| value.contains("application/json"))
}

fn is_server_fn(path: &str) -> bool {
    leptos::server_fn::axum::server_fn_paths()
        .any(|(server_fn, method)| server_fn == path && method == Method::POST)
}
