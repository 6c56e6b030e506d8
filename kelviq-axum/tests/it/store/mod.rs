//! Durable stores.

mod contract;
mod migration;
mod notifications;
mod references;
mod support;
mod webhooks;
