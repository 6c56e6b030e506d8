//! `FakeKelviq`, as tests and browsers use it.

mod faults;
mod page;
mod requests;
mod sessions;
mod support;
mod webhooks;
