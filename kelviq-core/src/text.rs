//! Values that stay the text they came as.

use std::fmt;

use crate::json::Lenient;

/// A number in plain decimal notation, kept as the text that came: `10.00` stays `10.00`.
///
/// It never passes through a binary float, so no cent is lost. To count with it, hand the text to a decimal type:
/// `amount.as_str().parse::<rust_decimal::Decimal>()`. Equality compares the text: `10.0` is not `10.00`.
///
/// A JSON string and a JSON number read the same. Anything else reads as nothing, as do exponents, signs other than
/// a leading minus, and white space.
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
    /// The text, e.g. `10.00`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DecimalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Lenient for DecimalText {
    fn read(json: &str) -> Option<Self> {
        let text = match String::read(json) {
            Some(text) => text,
            None => json.to_owned(),
        };
        is_plain_decimal(&text).then_some(Self(text))
    }
}

fn is_plain_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    [whole, fraction]
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A JSON value of no documented shape, as the text that came.
///
/// `Debug` does not show it: it may hold personal data.
///
/// ```
/// use kelviq_core::EventData;
///
/// fn on_unknown(data: &EventData) -> serde_json::Result<()> {
///     if let EventData::Other { event_type, object } = data {
///         let object: serde_json::Value = serde_json::from_str(object.as_json())?;
///         println!("{event_type} about {}", object["id"]);
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct JsonText(String);

impl JsonText {
    /// The JSON text; read it with `serde_json::from_str`.
    pub fn as_json(&self) -> &str {
        &self.0
    }

    pub(super) fn new(json: &str) -> Self {
        Self(json.to_owned())
    }
}

impl fmt::Debug for JsonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JsonText([redacted])")
    }
}

impl Lenient for JsonText {
    fn read(json: &str) -> Option<Self> {
        Some(Self::new(json))
    }
}
