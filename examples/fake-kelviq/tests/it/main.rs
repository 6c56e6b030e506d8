//! The program.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod start;
