//! The components and the server functions, through the crate's public API.

#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod components;
mod entitlements;
mod fields;
mod messages;
mod methods;
mod metrics;
mod mounts;
mod plain_form;
mod redirects;
mod same_name;
mod script;
mod session_store;
mod status;
mod status_neighbours;
mod status_notified;
mod status_under_load;
mod subscribers;
mod support;
mod thanks;
