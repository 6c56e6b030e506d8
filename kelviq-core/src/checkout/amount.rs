//! Amounts that replace the price of a plan.

use std::{fmt, str::FromStr};

use crate::{
    error::{Error, ErrorKind, FieldError},
    open_enum::open_enum,
};

/// An amount that replaces the price of a plan, with its currency and tax behaviour.
///
/// Sent as `customAmount`, `currencyCode` and `taxBehavior`, which Kelviq accepts only together.
///
/// # Currency without an amount
///
/// This crate sends `currencyCode` only with an amount. Kelviq documents the field as the currency of `customAmount`, and
/// does not document what it does to a plan's own price. Kelviq chooses the currency of that price by the location of the
/// buyer, from `ipAddress`. With a currency that Kelviq ignores, the buyer would pay in another one than the application
/// shows. To sell a plan in a certain currency, set the amount too.
///
/// ```
/// use kelviq_core::{CustomAmount, TaxBehavior};
///
/// let amount = CustomAmount::new("349.99".parse()?, "EUR", TaxBehavior::Inclusive);
/// # Ok::<(), kelviq_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CustomAmount {
    pub(super) amount: Amount,
    pub(super) currency_code: String,
    pub(super) tax_behavior: TaxBehavior,
}

impl CustomAmount {
    /// Creates a custom amount from a number, an ISO 4217 currency code (`USD`), and a tax behaviour.
    pub fn new(
        amount: Amount,
        currency_code: impl Into<String>,
        tax_behavior: TaxBehavior,
    ) -> Self {
        Self {
            amount,
            currency_code: currency_code.into(),
            tax_behavior,
        }
    }
}

/// The number in `customAmount`, sent exactly as it was given: `349` as 349, `"349.90"` as 349.90.
///
/// Kelviq does not document whether the number is in the major or the minor unit of the currency (dollars or cents).
/// This crate does not convert it, so try a small amount in the sandbox first.
///
/// ```
/// use kelviq_core::Amount;
///
/// let price: Amount = "349.90".parse()?;
/// assert_eq!(price.as_str(), "349.90");
/// assert_eq!(Amount::from(2999_u32).as_str(), "2999");
/// assert!("1,200".parse::<Amount>().is_err());
/// # Ok::<(), kelviq_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Amount(String);

impl Amount {
    /// Returns the number as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns `true` if the number is greater than zero.
    pub(super) fn is_positive(&self) -> bool {
        self.0.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
    }
}

impl From<u32> for Amount {
    fn from(amount: u32) -> Self {
        Self(amount.to_string())
    }
}

impl From<u64> for Amount {
    fn from(amount: u64) -> Self {
        Self(amount.to_string())
    }
}

/// Maximum number of characters, far more than any real amount has.
const MAX_LENGTH: usize = 30;

/// Parses a plain decimal: digits with at most one decimal point, such as `349` or `349.90`.
impl FromStr for Amount {
    type Err = Error;

    fn from_str(amount: &str) -> Result<Self, Error> {
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, "0"));
        let digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let leading_zero = whole.len() > 1 && whole.starts_with('0');
        if digits(whole) && digits(fraction) && !leading_zero && amount.len() <= MAX_LENGTH {
            return Ok(Self(amount.to_owned()));
        }
        Err(invalid_amount())
    }
}

/// Converts a finite number above zero: `349.0` becomes 349, `349.99` becomes 349.99.
impl TryFrom<f64> for Amount {
    type Error = Error;

    fn try_from(amount: f64) -> Result<Self, Error> {
        // `f64::to_string` writes plain decimal notation with the fewest digits that round-trip. Parsing rejects
        // negative and non-finite numbers, so only zero is left to check.
        let amount: Self = amount.to_string().parse()?;
        if amount.is_positive() {
            Ok(amount)
        } else {
            Err(invalid_amount())
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

open_enum! {
    /// Whether a custom amount includes tax (`taxBehavior`).
    ///
    /// ```
    /// use kelviq_core::{CustomAmount, TaxBehavior};
    ///
    /// let consumer_price = CustomAmount::new("119.00".parse()?, "EUR", TaxBehavior::Inclusive);
    /// let business_price = CustomAmount::new("100.00".parse()?, "EUR", TaxBehavior::Exclusive);
    /// # Ok::<(), kelviq_core::Error>(())
    /// ```
    pub enum TaxBehavior {
        /// The amount includes tax.
        Inclusive = "INCLUSIVE",
        /// Tax is added to the amount.
        Exclusive = "EXCLUSIVE",
    }
}

fn invalid_amount() -> Error {
    let expected = "expected a plain decimal above 0, such as 349 or 349.99";
    let field = FieldError::new("customAmount", expected);
    Error::new(ErrorKind::InvalidRequest, "the amount is invalid").with_field_errors(vec![field])
}
