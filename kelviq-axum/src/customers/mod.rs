//! The customer of a sale: its profile and its subscriptions at Kelviq.

pub(crate) mod profiles;
pub(crate) mod refused_plans;
pub(crate) mod subscribed_plan;
