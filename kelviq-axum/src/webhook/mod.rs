//! Webhooks: verification, and handling each event once.

mod after_handler;
mod claims;
pub(crate) mod completed_checkout;
pub(crate) mod event;
mod event_span;
pub(crate) mod extract;
mod finish;
mod handle;
mod handle_to_end;
mod handling;
pub(crate) mod inbox;
mod inbox_call;
mod inbox_claims;
mod listed_time;
pub(crate) mod memory_inbox;
mod paid_sessions;
mod received_event;
pub(crate) mod reconcile;
pub(crate) mod reconcile_error;
pub(crate) mod rejection;
mod rejection_log;
pub(crate) mod route;
mod stored_events;
mod verify;
pub(crate) mod webhooks;
mod worker;
