//! The format of a response: HTML or JSON.

use axum::http::{HeaderMap, header::ACCEPT, request::Parts};

/// The format of a response to a buyer.
///
/// A browser gets redirects and pages. A script that prefers JSON gets JSON, because it cannot follow a redirect to
/// another origin.
///
/// A value in the extensions of a request takes precedence over its `Accept` header:
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseFormat {
    /// Redirects and pages.
    Html,
    /// JSON.
    Json,
}

impl ResponseFormat {
    /// Returns the format for a request: the one in its extensions, otherwise [`Json`](Self::Json) if `Accept` lists
    /// `application/json` before `text/html`, and [`Html`](Self::Html) if not.
    pub fn of(parts: &Parts) -> Self {
        let format = parts.extensions.get().copied();
        format.unwrap_or_else(|| Self::accepted_by(&parts.headers))
    }

    fn accepted_by(headers: &HeaderMap) -> Self {
        let mut formats = headers
            .get_all(ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(Self::of_media_range);
        formats.next().unwrap_or(Self::Html)
    }

    /// `None` for any other media type, and for one with the quality 0, which means "not acceptable".
    fn of_media_range(range: &str) -> Option<Self> {
        let (media_type, parameters) = range.split_once(';').unwrap_or((range, ""));
        let parameters = parameters.replace(' ', "");
        let not_acceptable = parameters.split(';').any(|parameter| {
            let quality = parameter.strip_prefix("q=").map(str::parse::<f32>);
            matches!(quality, Some(Ok(0.0)))
        });
        match media_type.trim().to_ascii_lowercase().as_str() {
            _ if not_acceptable => None,
            "application/json" => Some(Self::Json),
            "text/html" => Some(Self::Html),
            _ => None,
        }
    }
}
