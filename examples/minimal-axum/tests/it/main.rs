//! The application and its program.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod app;
#[cfg(target_os = "linux")]
mod memory;
mod start;
