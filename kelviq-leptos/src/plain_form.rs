//! What a form says about itself when the browser sends it without JavaScript, and how its error comes back.
//!
//! All of it stands in addresses: which form it was and on which page in the form's own, which form failed and why in the
//! page's. Only names that the page itself has, and codes out of a closed set, are read from there.

use crate::CheckoutError;

/// The query parameters.
pub(crate) mod parameter {
    /// In a form's address: which form.
    #[cfg(feature = "ssr")]
    pub(crate) const FORM: &str = "kelviq_form";
    /// In a form's address: on which page, its path and query.
    #[cfg(feature = "ssr")]
    pub(crate) const PAGE: &str = "kelviq_page";
    /// In a page's address: which form failed.
    pub(crate) const FAILED: &str = "kelviq_failed";
    /// In a page's address: why it failed, a problem's code.
    pub(crate) const ERROR: &str = "kelviq_error";
}

/// The address that the form posts to. In the browser nothing is said in it: there a script sends the form.
pub(crate) fn action(path: &str, name: &str) -> String {
    #[cfg(feature = "ssr")]
    {
        crate::server::form_action(path, name)
    }
    #[cfg(not(feature = "ssr"))]
    {
        let _ = name;
        path.to_owned()
    }
}

/// The path and query of the page, without an error that it shows.
pub(crate) fn page() -> String {
    #[cfg(feature = "ssr")]
    {
        crate::server::page()
    }
    #[cfg(not(feature = "ssr"))]
    {
        crate::browser::page()
    }
}

/// The error that the page was asked to show beside the form of this name.
///
/// Both sides read it from the address. A value that Leptos carries from the server to the browser would be counted among
/// the page's resources, and a button in a `<Suspense>` is counted in another order there.
pub(crate) fn first_error(name: &str) -> Option<CheckoutError> {
    #[cfg(feature = "ssr")]
    let problem = crate::server::error_of_page(name);
    #[cfg(not(feature = "ssr"))]
    let problem = crate::browser::error_of_page(name);
    problem.map(CheckoutError::from)
}

/// A path and query without an error that was shown there before. The rest stays as it is written.
pub(crate) fn without_error(page: &str) -> String {
    let Some((path, query)) = page.split_once('?') else {
        return page.to_owned();
    };
    let is_ours = |pair: &&str| {
        let name = pair.split('=').next();
        matches!(name, Some(parameter::FAILED | parameter::ERROR))
    };
    let rest: Vec<_> = query.split('&').filter(|pair| !is_ours(pair)).collect();
    if rest.is_empty() {
        return path.to_owned();
    }
    [path, "?", &rest.join("&")].concat()
}
