//! Responses: pages, and redirects to checked URLs.

pub(crate) mod error_page;
mod layout;
pub(crate) mod page;
pub(crate) mod redirect;
pub(crate) mod resume_page;
