//! The path that a buyer returns to after signing in.

use std::fmt;

use axum::{extract::OriginalUri, http::request::Parts};

use super::choice::Choice;

/// A path of the application that a buyer returns to after signing in.
///
/// [`SignIn::at`](crate::SignIn::at) reads it from the extensions of the request. [`routes`](crate::routes) inserts one
/// that leads back to the offer, [`portal`](crate::portal) and [`Access`](crate::Access) one that leads back to the page. After signing in, it also
/// validates the text that the application has received.
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
#[derive(Clone, PartialEq, Eq)]
pub struct ReturnPath(String);

impl ReturnPath {
    /// Creates a return path from a path with an optional query string.
    ///
    /// Returns `None` for a text that a browser could interpret as a URL of another host.
    pub fn new(path: impl Into<String>) -> Option<Self> {
        let path = path.into();
        let rest = path.strip_prefix('/')?;
        // Browsers treat a backslash as a slash, and remove tabs and line breaks.
        let is_path = !rest.starts_with('/')
            && !path.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace());
        is_path.then_some(Self(path))
    }

    /// Returns the path with its query string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path of the request without its query string, if it is safe to return to.
    ///
    /// `public_path` is the path of the shop's public URL, which ends with a slash. It is added if the request does not
    /// have it, because a proxy in front of the application has stripped it.
    pub(crate) fn to_request(parts: &Parts, public_path: &str) -> Option<Self> {
        let OriginalUri(uri) = parts.extensions.get()?;
        // Checked before the public path hides what is wrong with it.
        let path = Self::new(uri.path())?;
        let prefix = public_path.trim_end_matches('/');
        // `Router::nest` has no final slash in the path of the home page.
        if path.0.starts_with(public_path) || path.0 == prefix {
            return Some(path);
        }
        Some(Self(format!("{prefix}{}", path.0)))
    }

    /// Returns the path of the request with its query string, if the path is safe to return to.
    pub(crate) fn to_page(parts: &Parts, public_path: &str) -> Option<Self> {
        let path = Self::to_request(parts, public_path)?;
        let query = parts.uri.query().unwrap_or_default();
        let page = Self::new(format!("{}?{query}", path.0)).filter(|_| !query.is_empty());
        Some(page.unwrap_or(path))
    }

    /// Returns the path of the [resume page](super::resume_page::resume_page) for an offer, from a request to the offer.
    /// Returns `None` if the path is not safe to return to.
    pub(super) fn to_offer(parts: &Parts, public_path: &str, choice: &Choice) -> Option<Self> {
        let Self(mut path) = Self::to_request(parts, public_path)?;
        path.truncate(path.trim_end_matches('/').len());
        path.push_str("/resume");
        Self::new(choice.append_query(path))
    }

    /// Returns the path of the resume page like [`to_offer`](Self::to_offer), from a request to that page.
    pub(super) fn to_resume_page(
        parts: &Parts,
        public_path: &str,
        choice: &Choice,
    ) -> Option<Self> {
        let Self(path) = Self::to_request(parts, public_path)?;
        Self::new(choice.append_query(path))
    }
}

/// Omits the query string, which can have personal texts of a form.
impl fmt::Debug for ReturnPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.split('?').next();
        f.debug_tuple("ReturnPath")
            .field(&path.unwrap_or_default())
            .finish()
    }
}
