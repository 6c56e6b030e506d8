//! The quantities of a feature that an offer allows.

use std::ops::RangeInclusive;

/// A fixed quantity (`5`), or a range from which the buyer chooses (`1..=50`).
///
/// ```
/// use kelviq_axum::{Offer, Quantity};
/// use kelviq_core::ChargePeriod;
///
/// let seats = Quantity::from(1..=50); // the buyer chooses with the form field quantity[seats]
/// let projects = Quantity::from(10);
/// let team = Offer::plan("team", ChargePeriod::Yearly)
///     .quantity("seats", seats)
///     .quantity("projects", projects);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    range: RangeInclusive<u32>,
    fixed: bool,
}

impl Quantity {
    /// Parses and validates a requested quantity. Without one, returns the minimum.
    ///
    /// A fixed quantity ignores the request. Returns `None` for an invalid quantity.
    pub(super) fn choose(&self, requested: Option<&str>) -> Option<u32> {
        let Some(text) = requested.filter(|_| !self.fixed).map(str::trim) else {
            return Some(self.min());
        };
        // `parse` also accepts a plus sign.
        let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let quantity = text.parse().ok().filter(|_| is_digits);
        quantity.filter(|quantity| self.range.contains(quantity))
    }

    pub(super) fn min(&self) -> u32 {
        *self.range.start()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.range.is_empty()
    }
}

/// Creates a fixed quantity. The buyer's form field is ignored.
impl From<u32> for Quantity {
    fn from(quantity: u32) -> Self {
        Self {
            range: quantity..=quantity,
            fixed: true,
        }
    }
}

/// Creates a range from which the buyer chooses.
impl From<RangeInclusive<u32>> for Quantity {
    fn from(range: RangeInclusive<u32>) -> Self {
        Self {
            range,
            fixed: false,
        }
    }
}
