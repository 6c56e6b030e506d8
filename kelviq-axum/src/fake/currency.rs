//! The minor units of currencies.

/// Returns the number of decimals of an amount in a currency, as in ISO 4217: 0 for JPY, 3 for KWD, 2 for most.
pub(super) fn decimals(currency: &str) -> usize {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX"
        | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        _ => 2,
    }
}

/// Returns the symbol of a currency, or its code.
pub(super) fn symbol(currency: &str) -> &str {
    match currency {
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "INR" => "₹",
        "JPY" => "¥",
        code => code,
    }
}

/// Formats minor units in the major unit of a currency.
pub(super) fn decimal(units: i64, currency: &str) -> String {
    let decimals = decimals(currency);
    let digits = format!("{units:0>width$}", width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    if fraction.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{fraction}")
    }
}

/// Parses a decimal number of major units, rounded to the nearest minor unit of a currency.
pub(super) fn minor_units(text: &str, currency: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || whole.len() > 12 {
        return None;
    }
    let digits = decimals(currency) + 1;
    let tenths: i64 = format!("{whole}{fraction:0<digits$.digits$}")
        .parse()
        .ok()?;
    Some((tenths + 5) / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        for (text, currency, units, shown) in [
            ("1200", "JPY", 1_200, "1200"),
            ("0", "KRW", 0, "0"),
            ("12.5", "JPY", 13, "13"),
            ("12.345", "KWD", 12_345, "12.345"),
            ("0.0005", "BHD", 1, "0.001"),
            ("1.2345", "CLF", 12_345, "1.2345"),
            ("0.05", "USD", 5, "0.05"),
            ("1200", "EUR", 120_000, "1200.00"),
        ] {
            assert_eq!(
                minor_units(text, currency),
                Some(units),
                "{text} {currency}"
            );
            assert_eq!(decimal(units, currency), shown, "{text} {currency}");
        }
    }
}
