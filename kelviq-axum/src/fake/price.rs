//! The price of a checkout, in minor units: floating-point numbers would round cents.

use std::{collections::HashMap, fmt};

use serde_json::{Map, Number, Value};

/// The configured prices by plan: minor units and currency.
pub(super) type PriceList = HashMap<String, (i64, String)>;

const EXAMPLE: i64 = 2_900;

/// The price of a checkout. `Display` formats it as `USD 29.00`.
#[derive(Clone)]
pub(super) struct Price {
    /// The amount in minor units. In every currency, 100 minor units are one major unit.
    pub(super) units: i64,
    pub(super) currency: String,
    pub(super) origin: Origin,
}

/// The origin of a price.
#[derive(Clone)]
pub(super) enum Origin {
    /// The request's `customAmount`.
    Custom,
    /// The price list. `each` is the price per unit.
    Listed { each: i64, quantity: u64 },
    /// The example price.
    Example,
}

impl Price {
    pub(super) fn new(fields: &Map<String, Value>, prices: &PriceList) -> Self {
        let text = |field: &str| fields.get(field).and_then(Value::as_str);
        let currency = text("currencyCode").unwrap_or("USD");
        if let Some(Value::Number(amount)) = fields.get("customAmount") {
            return Self {
                units: custom_units(amount),
                currency: currency.to_owned(),
                origin: Origin::Custom,
            };
        }
        if let Some((each, currency)) = text("planIdentifier").and_then(|plan| prices.get(plan)) {
            let quantity = fields.get("features").and_then(first_quantity).unwrap_or(1);
            return Self {
                units: each.saturating_mul(quantity.try_into().unwrap_or(i64::MAX)),
                currency: currency.clone(),
                origin: Origin::Listed {
                    each: *each,
                    quantity,
                },
            };
        }
        Self {
            units: EXAMPLE,
            currency: currency.to_owned(),
            origin: Origin::Example,
        }
    }

    /// Formats the amount in major units with two decimals.
    pub(super) fn amount(&self) -> String {
        decimal(self.units)
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.amount())
    }
}

/// Parses a configured price such as `29`, `29.5` or `29.00` into minor units.
pub(super) fn listed_units(text: &str) -> Option<i64> {
    let decimals = text
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    minor_units(text).filter(|_| decimals <= 2)
}

/// Formats minor units in major units with two decimals.
pub(super) fn decimal(units: i64) -> String {
    format!("{}.{:02}", units / 100, units % 100)
}

/// Converts a `customAmount`. It has been validated to be at least 0 and less than 10^12; such a number is serialized
/// with an exponent, which `minor_units` does not parse, only if it is far below a minor unit.
fn custom_units(amount: &Number) -> i64 {
    minor_units(&amount.to_string()).unwrap_or(0)
}

/// Parses a decimal number of major units, rounded to the nearest minor unit.
fn minor_units(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || whole.len() > 12 {
        return None;
    }
    let thousandths: i64 = format!("{whole}{fraction:0<3.3}").parse().ok()?;
    Some((thousandths + 5) / 10)
}

fn first_quantity(features: &Value) -> Option<u64> {
    features.get(0)?.get("quantity")?.as_u64()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_cent_is_lost() {
        for (amount, text) in [
            (json!(0), "0.00"),
            (json!(349.9), "349.90"),
            (json!(1.005), "1.01"),
            (json!(0.004), "0.00"),
            (json!(1e-7), "0.00"),
            (json!(-0.0), "0.00"),
            (json!(1e3), "1000.00"),
            (json!(4.35), "4.35"),
            (json!(999_999_999_999.99), "999999999999.99"),
        ] {
            let Value::Number(number) = &amount else {
                unreachable!("the table contains only numbers");
            };
            assert_eq!(decimal(custom_units(number)), text, "{amount}");
        }
    }

    #[test]
    fn a_price_is_a_plain_decimal() {
        for (text, units) in [("29", 2_900), ("29.5", 2_950), ("0.01", 1)] {
            assert_eq!(listed_units(text), Some(units), "{text}");
        }
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "1.234",
            "-1",
            "1e3",
            " 1",
            "$1",
            "1234567890123",
        ] {
            assert_eq!(listed_units(text), None, "{text}");
        }
    }
}
