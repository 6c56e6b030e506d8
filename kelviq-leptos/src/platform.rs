//! The functions that the server and the browser implement differently.
//!
//! Both implementations have the same signatures. The components import them from here only.

#[cfg(not(feature = "ssr"))]
pub(crate) use crate::browser::{
    FormOnPage, check_offer, current_page, error_body, on_reset, prepare_error, reference_of_page,
    render_first_lookup,
};
#[cfg(feature = "ssr")]
pub(crate) use crate::server::{
    error_page::error_body,
    first_lookup::render_first_lookup,
    form_on_page::FormOnPage,
    page::{check_offer, current_page, on_reset, reference_of_page},
    response::prepare_error,
};
