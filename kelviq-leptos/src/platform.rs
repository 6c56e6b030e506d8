//! The functions that the server and the browser implement differently.
//!
//! Both implementations have the same signatures. The components import them from here only.

#[cfg(not(feature = "ssr"))]
pub(crate) use crate::browser::{
    check_offer, current_page, error_body, error_of_form, form_action, on_reset, prepare_error,
    reference_of_page, render_first_lookup,
};
#[cfg(feature = "ssr")]
pub(crate) use crate::server::{
    error_page::error_body,
    first_lookup::render_first_lookup,
    page::{check_offer, current_page, error_of_form, form_action, on_reset, reference_of_page},
    response::prepare_error,
};
