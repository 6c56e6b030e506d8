//! A fake Kelviq, for tests and for development without an account.

mod api;
mod builder;
mod checkout_completed;
mod checkout_request;
mod delivery;
mod delivery_log;
mod endpoint;
mod event;
mod fake_kelviq;
mod fault;
mod fields;
mod hosted_page;
mod ids;
mod inject;
mod json_body;
mod list;
mod payment;
mod portal;
mod price;
mod raw_json;
mod response;
mod server;
mod session;
mod session_api;
mod sessions;
mod state;
mod sync;
mod timestamp;
mod webhook_logs;

pub use self::{
    builder::FakeKelviqBuilder, fake_kelviq::FakeKelviq, fault::Fault, payment::Payment,
    session::FakeCheckout,
};
