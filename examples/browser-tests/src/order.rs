//! A paid order.

use serde::{Deserialize, Serialize};

/// An order, as the success page shows it. Created from the checkout's metadata when the webhook arrives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The checkout's reference.
    pub reference: String,
    /// The name of the offer.
    pub offer: String,
    /// The number of seats, if the offer has seats.
    pub seats: Option<u32>,
    /// The customer's id.
    pub customer: String,
}
