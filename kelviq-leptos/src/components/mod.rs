//! The components.

mod checkout_button;
mod checkout_form;
mod checkout_status;
mod error_content;
pub(crate) mod error_message;
pub(crate) mod error_view;
mod form_view;
mod order_polling;
mod portal_button;
mod quantity_input;
mod redirect_button;
mod redirect_form;
mod send_form;

// Globs: the `component` macro generates a props type and a builder for each component.
pub use self::{
    checkout_button::*, checkout_form::*, checkout_status::*, error_content::ErrorContent,
    error_message::ErrorMessage, portal_button::*, quantity_input::*,
};
