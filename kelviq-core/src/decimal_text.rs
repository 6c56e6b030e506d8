//! Decimal numbers kept as text.

use std::{fmt, ops::Deref};

use crate::{json::Lenient, plain_decimal::is_plain_decimal};

/// A number in plain decimal notation, kept as its original text: `10.00` stays `10.00`.
///
/// The number is never converted to a binary float, so it keeps its precision. It dereferences to `str`, so `parse` converts it
/// into a decimal type with which to calculate: `amount.parse::<rust_decimal::Decimal>()`. Equality compares the text, so
/// `10.0` and `10.00` differ.
///
/// The JSON value can be a string or a number. A field with any other value is `None`, and so is one with an exponent, a
/// plus sign or white space.
///
/// ```
/// use kelviq_core::Order;
///
/// fn total(order: &Order) -> Option<String> {
///     let amount = order.amount_total.as_ref()?;
///     let currency = order.currency.as_ref()?;
///     Some(format!("{amount} {currency}")) // 10.00 USD
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DecimalText(String);

impl DecimalText {
    /// Returns the text, e.g. `10.00`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for DecimalText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DecimalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<DecimalText> for String {
    fn from(number: DecimalText) -> Self {
        number.0
    }
}

impl Lenient for DecimalText {
    fn read(json: &str) -> Option<Self> {
        let text = String::read(json)?;
        is_plain_decimal(&text).then_some(Self(text))
    }
}
