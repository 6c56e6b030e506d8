//! How the shop writes amounts of money.
//!
//! There is one rule for prices, totals and orders: the symbol or the code of the currency, then the number with commas
//! between the thousands, and decimals only if they are not zero. So `29.00 USD` is `$29`, `1260.5 EUR` is `€1,260.50`,
//! `1200 JPY` is `¥1,200`, and `12.90 CHF` is `CHF 12.90`.

/// Formats an amount in whole US dollars.
pub(crate) fn dollars(amount: u32) -> String {
    format_amount(&amount.to_string(), Some("USD"))
}

/// Formats an amount in the major unit of its currency, e.g. `29.00` and `USD`. An unknown currency is left out, and an
/// amount that is not a plain decimal is returned unchanged, with its currency.
pub(crate) fn format_amount(amount: &str, currency: Option<&str>) -> String {
    let (whole, decimals) = amount.split_once('.').unwrap_or((amount, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(decimals) {
        return [amount, currency.unwrap_or_default()]
            .join(" ")
            .trim_end()
            .to_owned();
    }
    let mut text = match currency {
        Some("USD") => "$".to_owned(),
        Some("EUR") => "€".to_owned(),
        Some("GBP") => "£".to_owned(),
        Some("JPY") => "¥".to_owned(),
        // A no-break space.
        Some(code) => format!("{code}\u{a0}"),
        None => String::new(),
    };
    for (index, digit) in whole.char_indices() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if decimals.bytes().any(|digit| digit != b'0') {
        text.push('.');
        text.push_str(decimals);
        if decimals.len() == 1 {
            text.push('0');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_one_way() {
        for (amount, currency, text) in [
            ("29.00", Some("USD"), "$29"),
            ("29", Some("USD"), "$29"),
            ("29.5", Some("USD"), "$29.50"),
            ("0.00", Some("USD"), "$0"),
            ("0.05", Some("USD"), "$0.05"),
            ("900.00", Some("USD"), "$900"),
            ("1260.00", Some("USD"), "$1,260"),
            ("1234567.89", Some("EUR"), "€1,234,567.89"),
            ("10", Some("GBP"), "£10"),
            ("1200", Some("JPY"), "¥1,200"),
            ("1200.00", Some("JPY"), "¥1,200"),
            ("12.90", Some("CHF"), "CHF\u{a0}12.90"),
            ("1.250", Some("BHD"), "BHD\u{a0}1.250"),
            ("180.00", None, "180"),
            ("-5.00", Some("USD"), "-5.00 USD"),
            ("1e3", None, "1e3"),
            (".5", Some("USD"), ".5 USD"),
        ] {
            assert_eq!(format_amount(amount, currency), text);
        }
        assert_eq!(dollars(9000), "$9,000");
    }
}
