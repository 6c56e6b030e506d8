//! A valid checkout request, and the invalid fields of an error.

use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Error};

pub(crate) const SUCCESS_URL: &str = "https://a.example/thanks";

pub(crate) fn plan() -> CheckoutPlan {
    CheckoutPlan::new("pro", ChargePeriod::Monthly)
}

pub(crate) fn request() -> CreateCheckoutSession {
    CreateCheckoutSession::new(plan(), SUCCESS_URL)
}

/// The JSON names of the invalid fields.
pub(crate) fn fields(error: &Error) -> Vec<&str> {
    let errors = error.field_errors().iter();
    errors.map(|error| error.field.as_str()).collect()
}
