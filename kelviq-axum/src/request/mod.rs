//! What is read from a request.

pub(crate) mod allowed_origins;
pub(crate) mod client_ip;
pub(crate) mod context;
pub(crate) mod form;
mod json_fields;
pub(crate) mod method;
pub(crate) mod response_format;
pub(crate) mod same_site;
