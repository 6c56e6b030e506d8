//! How much of a feature is sold.

use std::ops::RangeInclusive;

/// A fixed quantity (`5`), or a range in which the buyer chooses (`1..=50`).
///
/// ```
/// use kelviq_axum::{Offer, Quantity, kelviq_core::ChargePeriod};
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
    /// What the form's text stands for. Nothing given: the least. `None`: not a number, or out of range.
    pub(super) fn choose(&self, text: Option<&str>) -> Option<u32> {
        let text = text.filter(|_| !self.fixed).map(str::trim);
        let Some(text) = text else {
            return Some(self.least());
        };
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let quantity = text.parse().ok().filter(|_| digits)?;
        self.range.contains(&quantity).then_some(quantity)
    }

    pub(super) fn least(&self) -> u32 {
        *self.range.start()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.range.is_empty()
    }
}

/// A quantity that the buyer does not choose; the form field is ignored.
impl From<u32> for Quantity {
    fn from(quantity: u32) -> Self {
        Self {
            range: quantity..=quantity,
            fixed: true,
        }
    }
}

/// A quantity that the buyer chooses.
impl From<RangeInclusive<u32>> for Quantity {
    fn from(range: RangeInclusive<u32>) -> Self {
        Self {
            range,
            fixed: false,
        }
    }
}
