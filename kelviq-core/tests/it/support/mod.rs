//! Code shared by the tests.

pub(crate) mod log;
#[cfg(feature = "client")]
pub(crate) mod request;
#[cfg(feature = "client")]
pub(crate) mod upstream;
