//! What a test needs: a browser, and a shop for it to visit.

pub(crate) mod accessibility;
pub(crate) mod browser;
pub(crate) mod console;
pub(crate) mod devtools;
pub(crate) mod driver;
pub(crate) mod gate;
pub(crate) mod keyboard;
pub(crate) mod lookout;
pub(crate) mod page;
pub(crate) mod programs;
pub(crate) mod screenshot;
pub(crate) mod server;
pub(crate) mod settings;
pub(crate) mod shop;
pub(crate) mod suite;
pub(crate) mod target;
pub(crate) mod waiting;
