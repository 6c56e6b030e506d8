//! The checkout sessions that this process created.

pub(crate) mod checkout_state;
pub(crate) mod recent_sessions;
