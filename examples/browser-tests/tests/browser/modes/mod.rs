//! The components in every rendering mode, with and without JavaScript.

mod accessibility;
mod attributes;
mod back;
mod before_hydration;
mod busy;
mod errors_in_urls;
mod forms;
mod keyboard;
mod mode;
mod mode_suite;
mod parts;
mod purchase;
pub(crate) mod registration;
mod rejections;
mod sign_in;
mod slow_connection;
mod status;
mod visit;
mod wasm_build;
