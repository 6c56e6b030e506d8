//! Durable stores.

mod checkout_claims;
mod contract;
mod due;
mod migration;
mod notifications;
mod references;
mod support;
mod webhooks;
