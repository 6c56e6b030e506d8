//! The part of an order that buyers see.

use serde::{Deserialize, Serialize};

use crate::{day::Day, plan::Plan};

/// An order, as the pages show it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Receipt {
    /// Identifies the order in questions to the shop.
    pub(crate) reference: String,
    /// The amount as it is shown, e.g. `$29`.
    pub(crate) amount: Option<String>,
    /// The day of the payment.
    pub(crate) paid_on: Option<Day>,
    /// `None` if the payment's metadata could not be read, so that the purchase has to be looked up by hand.
    pub(crate) purchase: Option<Purchase>,
    /// Why a person has to look at the order, if it was paid but not fulfilled.
    pub(crate) review: Option<Review>,
}

/// Why a paid order was not fulfilled.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Review {
    /// The checkout's metadata is invalid, so the purchase is unknown.
    UnknownPurchase,
    /// The checkout is complete, but has a status other than `success`.
    UnexpectedStatus,
    /// Another checkout has already paid for this order.
    PaidTwice,
}

/// What was bought.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Purchase {
    pub(crate) plan: Plan,
    /// `None` for plans without seats.
    pub(crate) seats: Option<u32>,
    /// The entries of the checkout's metadata: each key with its value as JSON.
    pub(crate) metadata: Vec<(String, String)>,
}
