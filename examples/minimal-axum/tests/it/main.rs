//! The application and its program.

mod app;
#[cfg(target_os = "linux")]
mod memory;
mod start;
