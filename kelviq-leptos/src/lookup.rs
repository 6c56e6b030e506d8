//! The state of the success page.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Time after which the page shows that there is no confirmation. It then looks up the order less often.
pub(crate) const LOOKUP_TIMEOUT: Duration = Duration::from_secs(60);

/// The attribute of an element in the server's HTML that has the reference of the order.
///
/// The browser finds the server's state by it. Leptos could send the state as a resource, but resources are numbered by
/// the order in which they are created, and inside of a `Suspend` that order differs in the browser.
pub(crate) const REFERENCE_ATTRIBUTE: &str = "data-kelviq-reference";

/// The attribute of the same element that has the server's [`Lookup`] as JSON.
pub(crate) const LOOKUP_ATTRIBUTE: &str = "data-kelviq-lookup";

/// The result of looking up an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Lookup<T> {
    /// The order is not known yet.
    Waiting,
    /// The order.
    Found(T),
    /// The order was not found in time, or the URL has no reference.
    Unconfirmed,
}

/// The state in which the page is rendered at first.
#[derive(Debug)]
pub(crate) struct FirstLookup<T> {
    pub(crate) lookup: Lookup<T>,
    /// On the server, `lookup` as JSON.
    pub(crate) json: Option<String>,
    /// On the server, the seconds until a browser without JavaScript reloads the page.
    pub(crate) reload_after: Option<u64>,
}

impl<T> From<Lookup<T>> for FirstLookup<T> {
    fn from(lookup: Lookup<T>) -> Self {
        Self {
            lookup,
            json: None,
            reload_after: None,
        }
    }
}
