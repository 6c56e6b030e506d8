//! Responses: plain pages, error pages, and redirects to checked URLs.

pub(crate) mod error_page;
pub(crate) mod page;
pub(crate) mod redirect;
