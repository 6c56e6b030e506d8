//! Where a buyer goes on after signing in.

use axum::{extract::OriginalUri, http::request::Parts};

use super::offer::field_name;

/// A path of the application that a buyer comes back to after [signing in](super::SignIn), taken from the request's
/// extensions. [`routes`](super::routes) sets one that leads back to the offer.
///
/// ```
/// use axum::http::Request;
/// use kelviq_axum::{SignIn, ReturnPath};
///
/// let (mut parts, ()) = Request::new(()).into_parts();
/// parts.extensions.insert(ReturnPath::new("/pricing?period=year").unwrap());
/// let sign_in = SignIn::at("/sign-in", &parts); // to /sign-in?next=%2Fpricing%3Fperiod%3Dyear
///
/// assert!(ReturnPath::new("//evil.example").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnPath(pub(super) String);

impl ReturnPath {
    /// A path with its query. `None` for anything that a browser could read as another host.
    pub fn new(path: impl Into<String>) -> Option<Self> {
        let path = path.into();
        let rest = path.strip_prefix('/')?;
        // Browsers read a backslash as a slash, and leave tabs and line ends out.
        let stays = !rest.starts_with('/')
            && !path.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace());
        stays.then_some(Self(path))
    }

    /// The path with its query.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The way back to an offer, for [`resume`](super::resume::resume).
    pub(super) fn to_offer(parts: &Parts, quantities: &[(String, u32)]) -> Option<Self> {
        let OriginalUri(uri) = parts.extensions.get()?;
        let path = uri.path().trim_end_matches('/');
        let path = path.strip_suffix("/resume").unwrap_or(path);
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (feature, quantity) in quantities {
            query.append_pair(&field_name(feature), &quantity.to_string());
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        Self::new(format!("{path}/resume{mark}{query}"))
    }
}
