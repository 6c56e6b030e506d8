//! `FakeKelviq`, as tests and browsers use it.

mod faults;
mod lists;
mod page;
mod requests;
mod sessions;
mod support;
mod webhooks;
