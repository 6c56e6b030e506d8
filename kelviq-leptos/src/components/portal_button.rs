//! A button that opens the customer portal.

use leptos::{prelude::*, server_fn::ServerFn, text_prop::TextProp};

use super::{error_message::ErrorMessage, error_view::ErrorView, redirect_button::redirect_button};
use crate::{checkout_error::CheckoutError, server_fns::OpenPortal};

/// A button that opens Kelviq's customer portal, where buyers manage invoices, cards and subscriptions.
///
/// It renders a form. The server identifies the customer by the extractor for the buyer: see
/// [`CheckoutLayer`](crate::CheckoutLayer).
///
/// # Usage
///
/// ```
/// # use kelviq_leptos::PortalButton;
/// # use leptos::prelude::*;
/// # let _ = || {
/// view! { <PortalButton>"Manage billing"</PortalButton> }
/// # };
/// ```
///
/// The status and the error are shown as in [`CheckoutButton`](crate::CheckoutButton).
///
/// # Attributes
///
/// Attributes are added to the button, not to the form:
///
/// ```
/// # use kelviq_leptos::PortalButton;
/// # use leptos::prelude::*;
/// # let _ = || {
/// view! { <PortalButton attr:class="quiet">"Manage billing"</PortalButton> }
/// # };
/// ```
///
/// # Without JavaScript
///
/// The browser submits the form, and the response redirects it to the portal, or back to the page, which shows the
/// error below the button.
///
/// # Server-side rendering
///
/// The HTML is the same in every rendering mode.
#[component]
#[expect(
    clippy::needless_pass_by_value,
    reason = "the props of a component are owned"
)]
pub fn PortalButton(
    /// Identifies the form on its page. Forms with the same name are numbered as in
    /// [`CheckoutButton`](crate::CheckoutButton).
    #[prop(into, default = "portal".into())]
    name: String,
    /// The status text while the request is pending.
    #[prop(into, default = "Opening…".into())]
    busy: TextProp,
    /// Returns the message for an error. Set it to translate the messages or to change their tone.
    #[prop(into, default = CheckoutError::portal_message.into())]
    message: ErrorMessage,
    /// The content of the button.
    children: Children,
) -> impl IntoView {
    let error = ErrorView {
        message,
        manage: None,
    };
    redirect_button(OpenPortal::PATH, &name, busy, error, None, None, children)
}
