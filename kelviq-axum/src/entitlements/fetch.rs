//! The entitlements of a customer, cached in the shop.

use std::sync::Arc;

use kelviq_core::{Entitlements, Error, ErrorKind, Kelviq};

use super::error::EntitlementsError;
use crate::shop::Shop;

impl Shop {
    /// Returns what a customer may use, by the application's own id of the customer.
    ///
    /// The result of a request to Kelviq is used for 60 s, and concurrent calls for one customer share a request, which goes on if
    /// its first caller is cancelled. A customer whom Kelviq does not know (404) has bought nothing, and has no entitlements.
    ///
    /// If Kelviq is unavailable (no connection, a timeout, 408, 429, 5xx or an unexpected response), the last result is used for
    /// up to an hour after it was requested. This is logged, and the next request for this customer is sent 5 s later, or up to
    /// a minute later if Kelviq sends `Retry-After`. A call waits for at most 3 s. The request goes on, up to the client's
    /// [timeout](kelviq_core::KelviqBuilder::timeout), so that a slow response serves the next call.
    ///
    /// The results of the last 10,000 customers are kept in memory, by the shop and its clones. See
    /// [`forget_entitlements`](Self::forget_entitlements).
    ///
    /// For a route that needs a feature, use [`Access`](crate::Access).
    ///
    /// ```
    /// use kelviq_axum::Shop;
    ///
    /// async fn may_export(shop: &Shop, customer_id: &str) -> bool {
    ///     match shop.entitlements(customer_id).await {
    ///         Ok(entitlements) => entitlements.has("export"),
    ///         Err(_) => true, // an outage of Kelviq takes nothing away
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if Kelviq rejects the request, such as for its API key (401), or if Kelviq is unavailable and there is no
    /// result of the last hour. The error is logged, without the customer's id.
    pub async fn entitlements(
        &self,
        customer_id: &str,
    ) -> Result<Arc<Entitlements>, EntitlementsError> {
        let fetch = || fetch(self.kelviq().clone(), customer_id.to_owned());
        self.entitlements_cache().get(customer_id, fetch).await
    }

    /// Forgets the entitlements of a customer in this process, so that the next call requests them from Kelviq.
    ///
    /// [`event_handled`](Self::event_handled) calls it for every event about the customer, and so does
    /// [`Webhooks::shop`](crate::Webhooks::shop). The forgotten entitlements are not used if Kelviq cannot be reached,
    /// nor are those of a request that is in progress. Other processes use theirs for up to 60 s.
    ///
    /// Call it where the application changes a customer's subscriptions itself:
    ///
    /// ```
    /// # use kelviq_axum::{Shop, kelviq_core::Error};
    /// # async fn cancel_at_kelviq(shop: &Shop, customer_id: &str) -> Result<(), Error> { Ok(()) }
    /// async fn close_account(shop: &Shop, customer_id: &str) -> Result<(), Error> {
    ///     cancel_at_kelviq(shop, customer_id).await?; // the application's own
    ///     shop.forget_entitlements(customer_id);
    ///     Ok(())
    /// }
    /// ```
    pub fn forget_entitlements(&self, customer_id: &str) {
        self.entitlements_cache().forget(customer_id);
    }
}

async fn fetch(kelviq: Kelviq, customer_id: String) -> Result<Entitlements, Error> {
    match kelviq.entitlements(&customer_id).await {
        Err(error) if error.kind() == ErrorKind::Api && error.status() == Some(404) => {
            tracing::info!(
                "Kelviq returned 404 for the entitlements of a customer: nothing bought yet"
            );
            Ok(Entitlements::default())
        }
        result => result,
    }
}
