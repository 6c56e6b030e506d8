//! Webhooks: verification, and handling each event once.

mod claims;
mod event;
mod extract;
mod handle;
mod inbox;
mod memory_inbox;
mod rejection;
mod rejection_log;
mod route;
mod verify;

pub use self::{
    event::Event,
    extract::Webhook,
    inbox::{Claim, ClaimToken, Inbox},
    memory_inbox::MemoryInbox,
    rejection::{EventRejection, WebhookRejection},
    route::webhook,
};
