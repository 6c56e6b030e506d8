//! The metadata of a checkout. Kelviq includes it unchanged in `checkout.completed`.

use kelviq_axum::Reference;
use kelviq_core::{CheckoutMetadata, ToMetadata};

use crate::{plan::Plan, receipt::Purchase};

/// The metadata that is sent with a checkout and returned once it is paid.
#[derive(Clone, Debug, CheckoutMetadata)]
pub(super) struct OrderMetadata {
    /// The checkout's reference, by which the thank-you page finds the order.
    pub(super) order_ref: Reference,
    #[metadata(rename = "offer")]
    pub(super) plan: Plan,
    /// The buyer. Included because the event can name another customer, if Kelviq already has one with the buyer's email.
    pub(super) customer_id: String,
    /// `None` for plans without seats.
    pub(super) seats: Option<u32>,
}

impl OrderMetadata {
    pub(super) fn purchase(&self) -> Purchase {
        let metadata = self.to_metadata().unwrap_or_default();
        let metadata = metadata.into_iter().collect();
        Purchase {
            plan: self.plan,
            seats: self.seats,
            metadata,
        }
    }
}
