//! The application and its program.

mod app;
mod start;
