//! The checkout sessions of a shop, and their states.

pub(crate) mod awaited_session;
pub(crate) mod checkout_state;
mod ended;
mod fetch_state;
pub(crate) mod handled_sessions;
pub(crate) mod recent_sessions;
