//! A fake Kelviq, for tests and for development without an account.

mod builder;
mod checkout_completed;
mod checkout_request;
mod delivery;
mod endpoint;
mod event;
mod fake_kelviq;
mod fault;
mod fields;
mod hosted_page;
mod ids;
mod inject;
mod json_body;
mod payment;
mod portal;
mod price;
mod response;
mod server;
mod session;
mod sessions;
mod state;
mod timestamp;

pub use self::{
    builder::FakeKelviqBuilder, fake_kelviq::FakeKelviq, fault::Fault, payment::Payment,
    session::FakeCheckout,
};
