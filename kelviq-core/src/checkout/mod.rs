//! Checkout sessions: the request, the plan that is sold, the created session, and static checkout links.

mod amount;
mod charge_period;
mod create_session;
mod link;
mod plan;
mod session;

pub use self::{
    amount::{Amount, CustomAmount, TaxBehavior},
    charge_period::ChargePeriod,
    create_session::{CreateCheckoutSession, created_session, session_request},
    link::CheckoutLink,
    plan::CheckoutPlan,
    session::CheckoutSession,
};
