//! Test support: a browser, and servers for it to visit.

pub(crate) mod accessibility;
mod aria;
pub(crate) mod axe;
pub(crate) mod browser;
mod chromium;
mod chromium_accessibility;
pub(crate) mod connection;
pub(crate) mod console;
mod driver;
mod driver_command;
pub(crate) mod engine;
mod firefox;
pub(crate) mod installation;
pub(crate) mod keyboard;
pub(crate) mod observed_page;
pub(crate) mod page;
pub(crate) mod request_hold;
pub(crate) mod screenshot;
pub(crate) mod server;
pub(crate) mod settings;
pub(crate) mod storefront;
pub(crate) mod storefront_process;
pub(crate) mod suite;
pub(crate) mod target;
pub(crate) mod wait;
mod webkit;
