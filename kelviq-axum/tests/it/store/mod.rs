//! Durable stores.

mod checkout_claims;
mod contract;
mod migration;
mod notifications;
mod references;
mod support;
mod webhooks;
