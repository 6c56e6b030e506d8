//! Creating a checkout: what is asked for, and the session that comes back.

mod amount;
mod charge_period;
mod create;
mod link;
mod plan;
mod session;
mod validate;

pub(crate) use self::validate::Validation;
pub use self::{
    amount::{Amount, CustomAmount, TaxBehavior},
    charge_period::ChargePeriod,
    create::CreateCheckoutSession,
    link::CheckoutLink,
    plan::CheckoutPlan,
    session::CheckoutSession,
};
