//! An amount that the app sets instead of the plan's price.

use std::{fmt, str::FromStr};

use crate::{Error, FieldError, error::ErrorKind, open_enum::open_enum};

/// `customAmount` with the two fields that Kelviq requires beside it.
///
/// ```
/// use kelviq_core::{CustomAmount, TaxBehavior};
///
/// let amount = CustomAmount::new("349.99".parse()?, "EUR", TaxBehavior::Inclusive);
/// # Ok::<(), kelviq_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomAmount {
    pub(super) amount: Amount,
    pub(super) currency_code: String,
    pub(super) tax_behavior: TaxBehavior,
}

impl CustomAmount {
    /// An amount, its ISO 4217 currency code (`USD`), and whether tax is part of it.
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

/// The number in `customAmount`, written exactly as it was given: `349` as 349, `"349.99"` as 349.99.
///
/// Kelviq does not document whether it counts the major or the minor unit of the currency (dollars or cents). Nothing
/// is converted here: try a small amount in the sandbox first.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount(String);

impl Amount {
    /// The number as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the number is more than zero.
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

/// Far more digits than any amount has.
const MAX_LENGTH: usize = 30;

/// Takes a plain decimal, digits with at most one point between them: `349`, `349.99`, `349.90`.
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
        Err(unfit())
    }
}

/// Takes a finite amount above zero: `349.0` as 349, `349.99` as 349.99.
impl TryFrom<f64> for Amount {
    type Error = Error;

    fn try_from(amount: f64) -> Result<Self, Error> {
        // Plain notation, and the shortest text that reads back as the same number; for nothing but a finite number above
        // zero is that a decimal with a digit other than 0.
        let amount: Self = amount.to_string().parse()?;
        if amount.is_positive() {
            Ok(amount)
        } else {
            Err(unfit())
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

open_enum! {
    /// `taxBehavior`: whether tax is part of a custom amount.
    ///
    /// ```
    /// use kelviq_core::{CustomAmount, TaxBehavior};
    ///
    /// let shown_to_consumers = CustomAmount::new("119.00".parse()?, "EUR", TaxBehavior::Inclusive);
    /// let shown_to_companies = CustomAmount::new("100.00".parse()?, "EUR", TaxBehavior::Exclusive);
    /// # Ok::<(), kelviq_core::Error>(())
    /// ```
    pub enum TaxBehavior {
        /// Tax is part of the amount.
        Inclusive = "INCLUSIVE",
        /// Tax is added on top.
        Exclusive = "EXCLUSIVE",
    }
}

fn unfit() -> Error {
    let expected = "expected a plain decimal above 0, such as 349 or 349.99";
    let field = FieldError::new("customAmount", expected);
    Error::new(ErrorKind::InvalidRequest, "the amount does not hold").with_field_errors(vec![field])
}
