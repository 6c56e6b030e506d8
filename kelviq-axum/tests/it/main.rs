//! Tests of the public API.

#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod body_limits;
mod buyer;
mod checkout;
mod checkout_return;
mod customers;
mod discount_code;
mod end_to_end;
mod entitlements;
mod fake;
mod faults;
mod fields;
mod log;
mod metadata_round_trip;
mod metrics;
mod offers;
mod origins;
mod pages;
mod pending_order;
mod portal;
mod prefix;
mod properties;
mod purchases;
mod reconcile;
mod reconcile_sessions;
mod rejection;
mod scripts;
mod sell;
mod single_flight;
mod store;
mod subscribers;
mod support;
mod tenants;
mod time;
mod webhook;
mod webhook_interrupted;
mod webhook_log;
