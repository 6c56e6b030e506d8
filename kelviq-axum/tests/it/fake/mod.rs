//! `FakeKelviq`, as tests and browsers use it.

mod customers;
mod entitlements;
mod faults;
mod lists;
mod page;
mod portal;
mod requests;
mod sessions;
mod subscriptions;
mod support;
mod webhooks;
