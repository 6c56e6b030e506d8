//! The price of a checkout, in minor units: floating-point numbers would round cents.

use std::{collections::HashMap, fmt};

use serde_json::{Map, Number, Value};

use super::currency::{decimal, decimals, minor_units};

/// The configured prices by plan: minor units and currency.
pub(crate) type PriceList = HashMap<String, (i64, String)>;

/// The example price in minor units: USD 29.00.
const EXAMPLE: i64 = 2_900;

/// The price of a checkout. `Display` formats it as `USD 29.00`.
#[derive(Clone)]
pub(crate) struct Price {
    /// The amount in minor units of the currency.
    pub(crate) units: i64,
    pub(crate) currency: String,
    pub(crate) origin: Origin,
}

/// The origin of a price.
#[derive(Clone)]
pub(crate) enum Origin {
    /// The request's `customAmount`.
    Custom,
    /// The price list. `each` is the price per unit.
    Listed { each: i64, quantity: u64 },
    /// The example price.
    Example,
}

impl Price {
    pub(crate) fn new(fields: &Map<String, Value>, prices: &PriceList) -> Self {
        let text = |field: &str| fields.get(field).and_then(Value::as_str);
        let currency = text("currencyCode").unwrap_or("USD");
        if let Some(Value::Number(amount)) = fields.get("customAmount") {
            return Self {
                units: custom_units(amount, currency),
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

    /// Formats the amount in major units.
    pub(crate) fn amount(&self) -> String {
        decimal(self.units, &self.currency)
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.amount())
    }
}

/// Validates the configured prices: plan, amount and currency.
///
/// # Errors
///
/// Returns a message if an amount or a currency is invalid.
pub(crate) fn price_list(prices: Vec<(String, String, String)>) -> Result<PriceList, String> {
    let mut list = PriceList::new();
    for (plan, amount, currency) in prices {
        let units = listed_units(&amount, &currency);
        let is_code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        let (Some(units), true) = (units, is_code) else {
            return Err(format!(
                "the price {amount:?} {currency:?} of the plan {plan:?} is invalid; expected a format such as \"29.00\" \"USD\" or \"1200\" \"JPY\""
            ));
        };
        list.insert(plan, (units, currency));
    }
    Ok(list)
}

/// Parses a configured price such as `29`, `29.5` or `29.00` into minor units of a currency.
fn listed_units(text: &str, currency: &str) -> Option<i64> {
    let given = text
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    minor_units(text, currency).filter(|_| given <= decimals(currency))
}

/// Converts a `customAmount`. It has been validated to be at least 0 and less than 10^12; such a number is serialized
/// with an exponent, which `minor_units` does not parse, only if it is far below a minor unit.
fn custom_units(amount: &Number, currency: &str) -> i64 {
    minor_units(&amount.to_string(), currency).unwrap_or(0)
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
            assert_eq!(
                decimal(custom_units(number, "USD"), "USD"),
                text,
                "{amount}"
            );
        }
    }

    #[test]
    fn a_price_is_a_plain_decimal() {
        for (text, units) in [("29", 2_900), ("29.5", 2_950), ("0.01", 1)] {
            assert_eq!(listed_units(text, "USD"), Some(units), "{text}");
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
            assert_eq!(listed_units(text, "USD"), None, "{text}");
        }
        assert_eq!(listed_units("1200", "JPY"), Some(1_200));
        assert_eq!(listed_units("1200.5", "JPY"), None);
        assert_eq!(listed_units("1.234", "KWD"), Some(1_234));
    }
}
