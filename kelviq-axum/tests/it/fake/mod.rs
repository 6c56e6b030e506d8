//! `FakeKelviq`, as tests and browsers use it.

mod cancellation;
mod customers;
mod email;
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
