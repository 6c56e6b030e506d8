//! The state of the success page.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Time after which the page stops looking up the order.
pub(crate) const LOOKUP_TIMEOUT: Duration = Duration::from_secs(60);

/// The result of looking up an order.
///
/// The server's result is serialized into the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Lookup<T> {
    /// The order is not known yet.
    Waiting {
        /// Whether the response has a `Refresh` header, which reloads the page.
        reloads: bool,
    },
    /// The order.
    Found(T),
    /// The order was not found in time, or the URL has no reference.
    GaveUp,
}
