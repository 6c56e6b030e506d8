//! The result of a server function that sells.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The page that the buyer is redirected to: Kelviq's checkout page, the customer portal, or a sign-in page.
///
/// Server functions return it, and the components follow it. [`checkout`](crate::checkout) creates it; the URL has been
/// validated on the server.
///
/// ```
/// use kelviq_leptos::{BuyerRedirect, CheckoutError};
/// use leptos::prelude::*;
///
/// #[server]
/// async fn buy_seats(seats: u32) -> Result<BuyerRedirect, CheckoutError> {
///     # #[cfg(feature = "ssr")]
///     kelviq_leptos::checkout()
///         .await?
///         .plan("team", kelviq_core::ChargePeriod::Yearly)
///         .quantity("seats", seats)
///         .redirect()
///         .await
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[must_use = "the buyer is redirected only if the server function returns it"]
pub struct BuyerRedirect(String);

impl BuyerRedirect {
    /// Returns the URL: absolute for Kelviq's pages, or a path of the application for its sign-in page.
    pub fn url(&self) -> &str {
        &self.0
    }

    /// Creates a redirect to a URL that has been validated.
    pub(crate) fn to(url: impl Into<String>) -> Self {
        Self(url.into())
    }
}

impl fmt::Debug for BuyerRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL of a customer portal gives access to the customer's account.
        f.debug_struct("BuyerRedirect").finish_non_exhaustive()
    }
}
