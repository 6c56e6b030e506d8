//! A fake Kelviq, for tests and for development without an account.

mod api;
mod builder;
mod checkout_completed;
mod checkout_request;
mod currency;
mod customers;
mod delivery;
mod delivery_log;
mod endpoint;
mod entitlements;
mod event;
mod fake_event;
mod fake_kelviq;
mod fault;
mod fields;
mod hosted_page;
mod ids;
mod inject;
mod json_body;
mod layout;
mod list;
mod page_routes;
mod plans;
mod portal;
mod price;
mod product;
mod raw_json;
mod records;
mod request_body;
mod response;
mod server;
mod session;
mod session_api;
mod sessions;
mod state;
mod subscriptions;
mod sync;
mod timestamp;
mod webhook_logs;

pub use self::{
    builder::FakeKelviqBuilder, fake_event::FakeEvent, fake_kelviq::FakeKelviq, fault::Fault,
    session::FakeCheckout, subscriptions::fake_subscription::FakeSubscription,
};
