//! Where a server function sends the buyer.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where the buyer goes next: the answer of a server function that sold something.
///
/// The library's components follow it. It comes from the server alone, which has checked it.
///
/// ```
/// use kelviq_leptos::{CheckoutError, CheckoutRedirect};
/// use leptos::prelude::*;
///
/// #[server]
/// async fn buy_seats(seats: u32) -> Result<CheckoutRedirect, CheckoutError> {
///     # #[cfg(feature = "ssr")]
///     kelviq_leptos::checkout()
///         .await?
///         .plan("team", kelviq_axum::kelviq_core::ChargePeriod::Yearly)
///         .quantity("seats", seats)
///         .redirect()
///         .await
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[must_use = "nobody is sent anywhere unless the server function answers with it"]
pub struct CheckoutRedirect(String);

impl CheckoutRedirect {
    /// The address: of Kelviq's page, or a path of the application when the buyer must sign in first.
    pub fn url(&self) -> &str {
        &self.0
    }

    #[cfg(feature = "ssr")]
    pub(crate) fn to(url: impl Into<String>) -> Self {
        Self(url.into())
    }
}

impl fmt::Debug for CheckoutRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address of a portal is a key to the customer's account.
        f.debug_struct("CheckoutRedirect").finish_non_exhaustive()
    }
}
