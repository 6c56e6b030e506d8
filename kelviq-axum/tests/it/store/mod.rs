//! Durable stores.

mod contract;
mod migration;
mod references;
mod support;
mod webhooks;
