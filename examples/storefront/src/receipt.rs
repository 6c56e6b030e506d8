//! What a buyer gets to see of an order.

use serde::{Deserialize, Serialize};

use crate::plan::Plan;

/// An order, as far as it leaves the server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Receipt {
    /// What to name when asking about it.
    pub(crate) reference: String,
    /// With its currency, e.g. `29.00 USD`.
    pub(crate) amount: Option<String>,
    /// The day, e.g. `2026-01-31`.
    pub(crate) paid_on: Option<String>,
    /// `None`: it was paid, but somebody has to find out what for.
    pub(crate) purchase: Option<Purchase>,
}

/// What was bought.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Purchase {
    pub(crate) plan: Plan,
    /// Only for plans that have seats.
    pub(crate) seats: Option<u32>,
    /// The metadata as it travelled: each key with its value as JSON.
    pub(crate) record: Vec<(String, String)>,
}
