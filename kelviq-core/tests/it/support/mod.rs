//! Code shared by the tests of the client.

pub(crate) mod request;
pub(crate) mod upstream;
