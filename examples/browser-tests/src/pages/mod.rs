//! The pages.

#![allow(
    unreachable_pub,
    reason = "the `component` and `island` macros generate `pub` items"
)]

pub(crate) mod app;
mod crowded;
mod hydration_marker;
mod late;
mod plans;
mod start;
mod thanks;
