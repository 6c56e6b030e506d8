//! The query parameters by which a form works without JavaScript.
//!
//! The URL that a form posts to names the form and its page. If the form fails, the URL of that page names the form and
//! the problem, and has its reference. Only known form names, problem codes and valid references are read from the URL; its
//! other text is never shown.

/// In the URL that a form posts to: the form's name.
#[cfg(feature = "ssr")]
pub(crate) const FORM: &str = "kelviq_form";

/// In the URL that a form posts to: path and query of the form's page.
#[cfg(feature = "ssr")]
pub(crate) const PAGE: &str = "kelviq_page";

/// In the URL of a page: the name of the form that failed.
pub(crate) const FAILED: &str = "kelviq_failed";

/// In the URL of a page: the code of the problem.
pub(crate) const ERROR: &str = "kelviq_error";

/// In the URL of a page: the reference of the problem in the server's log.
pub(crate) const REFERENCE: &str = "kelviq_reference";

/// Removes the error of a form from the path and query of a page. All other parameters stay as they are.
pub(crate) fn without_error(page: &str) -> String {
    let Some((path, query)) = page.split_once('?') else {
        return page.to_owned();
    };
    let mut rest = path.to_owned();
    let mut separator = "?";
    for pair in query.split('&') {
        let name = pair.split('=').next().unwrap_or_default();
        if ![FAILED, ERROR, REFERENCE].contains(&name) {
            rest.push_str(separator);
            rest.push_str(pair);
            separator = "&";
        }
    }
    rest
}
