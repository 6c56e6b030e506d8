//! The format of a response: HTML, JSON, or what htmx expects.

use axum::http::{HeaderMap, HeaderName, header::ACCEPT, request::Parts};

static HX_REQUEST: HeaderName = HeaderName::from_static("hx-request");
static SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// The format of a response to a buyer.
///
/// A browser gets redirects and pages. A script gets JSON, because it cannot follow a redirect to another origin. htmx gets
/// `HX-Redirect`.
///
/// A value in the extensions of a request takes precedence over its headers:
///
/// ```
/// use axum::http::{Request, header::ACCEPT};
/// use kelviq_axum::ResponseFormat;
///
/// let request = Request::get("/").header(ACCEPT, "application/json");
/// let (mut parts, ()) = request.body(()).unwrap().into_parts();
/// assert_eq!(ResponseFormat::of(&parts), ResponseFormat::Json);
///
/// parts.extensions.insert(ResponseFormat::Html);
/// assert_eq!(ResponseFormat::of(&parts), ResponseFormat::Html);
/// ```
///
/// # htmx
///
/// A form or a button with `hx-post` works without further settings: htmx sends the buyer to the checkout page. An error has
/// its status and a paragraph with `role="alert"`. By default htmx shows no response with status 4xx or 5xx, so the page
/// must enable it, here for every error:
///
/// ```html
/// <meta name="htmx-config" content='{"responseHandling": [
///     {"code": "204", "swap": false},
///     {"code": "[23]..", "swap": true},
///     {"code": "[45]..", "swap": true, "error": true}]}'>
///
/// <button hx-post="/checkout/pro-monthly" hx-target="#checkout-error">Buy</button>
/// <div id="checkout-error"></div>
/// ```
///
/// The alternatives are `hx-target-error="#checkout-error"` of the extension `response-targets`, and a listener for the event
/// `htmx:responseError`. A plain form below `hx-boost="true"` needs `hx-boost="false"`, so that the browser shows the error
/// page. On another origin, htmx also needs the settings `"selfRequestsOnly": false` and, for cookies,
/// `"withCredentials": true`.
///
/// # Turbo
///
/// Turbo submits forms by a script that prefers HTML and cannot follow the redirect to the checkout page. The form needs
/// `data-turbo="false"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseFormat {
    /// Redirects and pages.
    Html,
    /// JSON.
    Json,
    /// For htmx: status 200 with `HX-Redirect` instead of a redirect, and a fragment of HTML instead of a page.
    Htmx,
}

impl ResponseFormat {
    /// Returns the format for a request:
    ///
    /// 1. the one in its extensions,
    /// 2. [`Htmx`](Self::Htmx) if it has `HX-Request: true`,
    /// 3. [`Json`](Self::Json) if `Sec-Fetch-Mode` is present and not `navigate`, and `Accept` lists `application/json`,
    /// 4. [`Json`](Self::Json) or [`Html`](Self::Html), whichever of `application/json` and `text/html` `Accept` lists first,
    /// 5. [`Json`](Self::Json) if `Sec-Fetch-Mode` is present and not `navigate`, and `Accept` is missing or allows any type,
    /// 6. [`Html`](Self::Html) otherwise.
    pub fn of(parts: &Parts) -> Self {
        let format = parts.extensions.get().copied();
        format.unwrap_or_else(|| Self::of_headers(&parts.headers))
    }

    fn of_headers(headers: &HeaderMap) -> Self {
        if headers
            .get(&HX_REQUEST)
            .is_some_and(|value| value == "true")
        {
            return Self::Htmx;
        }
        let accepted = || {
            let values = headers.get_all(ACCEPT).iter();
            let ranges = values
                .filter_map(|value| value.to_str().ok())
                .flat_map(|value| value.split(','));
            ranges.filter_map(Accepted::parse)
        };
        let mut modes = headers.get_all(&SEC_FETCH_MODE).iter();
        let is_script = modes.any(|mode| mode != "navigate");
        if is_script && accepted().any(|it| it == Accepted::Json) {
            return Self::Json;
        }
        // HTML that is named precedes `*/*`: a service worker can pass on a navigation as a request of its own.
        let named = accepted().find_map(|it| match it {
            Accepted::Json => Some(Self::Json),
            Accepted::Html => Some(Self::Html),
            Accepted::Any => None,
        });
        let takes_json =
            || !headers.contains_key(ACCEPT) || accepted().any(|it| it == Accepted::Any);
        let unnamed = || {
            if is_script && takes_json() {
                Self::Json
            } else {
                Self::Html
            }
        };
        named.unwrap_or_else(unnamed)
    }
}

/// A media range that decides the format.
#[derive(PartialEq)]
enum Accepted {
    Json,
    Html,
    /// A range that includes JSON.
    Any,
}

impl Accepted {
    /// Parses an entry of `Accept`. Returns `None` for other ranges, and for those with the quality 0, which means "not
    /// acceptable".
    fn parse(entry: &str) -> Option<Self> {
        let (range, parameters) = entry.split_once(';').unwrap_or((entry, ""));
        let is = |name| range.trim().eq_ignore_ascii_case(name);
        let accepted = if is("application/json") {
            Self::Json
        } else if is("text/html") {
            Self::Html
        } else if is("*/*") || is("application/*") {
            Self::Any
        } else {
            return None;
        };
        let not_acceptable = parameters.split(';').any(|parameter| {
            let parameter = parameter.replace(' ', "");
            let quality = parameter.strip_prefix("q=").map(str::parse::<f32>);
            matches!(quality, Some(Ok(0.0)))
        });
        (!not_acceptable).then_some(accepted)
    }
}
