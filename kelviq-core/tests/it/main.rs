//! Integration tests of the public API.

#![allow(clippy::unwrap_used, reason = "a test fails when a setup step fails")]

#[cfg(feature = "client")]
mod checkout_link;
mod checkout_problem;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod connection_problems;
#[cfg(feature = "client")]
mod create_checkout_session;
#[cfg(feature = "client")]
mod customers;
#[cfg(feature = "client")]
mod date_filters;
mod derive;
mod derive_default;
mod derive_enum;
mod derive_errors;
mod derive_errors_nested;
mod derive_finite;
mod derive_flatten;
pub mod derive_hygiene;
mod derive_rest;
mod derive_types;
#[cfg(feature = "client")]
mod entitlements;
mod event_age;
mod event_source;
mod events;
#[cfg(feature = "client")]
mod log;
mod metadata;
mod metadata_keys;
mod metadata_map;
mod metadata_numbers;
mod metadata_traits;
mod metadata_values;
#[cfg(feature = "client")]
mod portal;
mod properties;
mod purchase_match;
#[cfg(feature = "client")]
mod sessions;
#[cfg(feature = "client")]
mod settings;
mod signature;
mod stored_delivery;
mod subscription_access;
#[cfg(feature = "client")]
mod subscriptions;
mod support;
mod ui;
#[cfg(feature = "client")]
mod verbose_log;
#[cfg(feature = "client")]
mod webhook_logs;
