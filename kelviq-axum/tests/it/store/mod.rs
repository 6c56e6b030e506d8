//! Durable stores.

mod contract;
mod support;
mod webhooks;
