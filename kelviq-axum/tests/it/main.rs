//! What the crate does, through its public API.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod buyer;
mod checkout;
mod end_to_end;
mod fake;
mod metadata_round_trip;
mod offers;
mod portal;
mod returned;
mod sell;
mod single_flight;
mod support;
mod time;
mod webhook;
