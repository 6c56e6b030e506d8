//! The checkout sessions of a shop, and their states.

pub(crate) mod checkout_state;
mod fetch_state;
pub(crate) mod recent_sessions;
