//! Integration tests of the shop: its router, driven by a fake browser and a fake Kelviq, and its program.

#![expect(
    clippy::unwrap_used,
    reason = "Clippy allows it in test functions only, but helpers may panic as well"
)]

mod accounts;
mod billing;
mod config;
mod pages;
mod payments;
mod process;
mod purchase;
mod rejections;
mod restart;
mod serve;
mod site;
mod support;
mod thanks;
mod your_plan;
