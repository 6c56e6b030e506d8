//! Durable stores.

mod webhooks;
