//! What was bought.

use serde::{Deserialize, Serialize};

/// An order, as the success page shows it: what the checkout's metadata said, and the webhook brought back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The checkout's reference.
    pub reference: String,
    /// The name of the offer.
    pub offer: String,
    /// How many seats, if it has any.
    pub seats: Option<u32>,
    /// The customer.
    pub customer: String,
}
