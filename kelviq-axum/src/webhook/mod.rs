//! Webhooks: verified, handled once, and answered by what became of them.

mod event;
mod extract;
mod handle;
mod inbox;
mod memory_inbox;
mod route;

pub use self::{
    event::{Event, EventRejection},
    extract::{Webhook, WebhookRejection},
    inbox::{Claim, ClaimToken, Inbox},
    memory_inbox::MemoryInbox,
    route::webhook,
};
