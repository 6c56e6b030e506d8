//! What is in an event, for every type, whatever its fields look like.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod debug;
mod fixtures;
mod hostile;
mod misfits;
mod models;
mod previous;
