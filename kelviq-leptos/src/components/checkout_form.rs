//! A form that sells through a server function of the application.

use leptos::{
    ev::SubmitEvent,
    form::FromFormData,
    prelude::*,
    server_fn::{Http, ServerFn, codec::PostUrl},
    text_prop::TextProp,
};
use serde::de::DeserializeOwned;

use super::{error_message::ErrorMessage, redirect_form::RedirectForm};
use crate::{buyer_redirect::BuyerRedirect, checkout_error::CheckoutError};

/// A form that sells through a server function of the application.
///
/// The server function starts the [`checkout`](crate::checkout). The children are the form's inputs and its button.
///
/// # Usage
///
/// ```
/// # use kelviq_leptos::{BuyerRedirect, CheckoutError, CheckoutForm};
/// # use leptos::prelude::*;
/// #[server]
/// async fn buy_seats(seats: u32) -> Result<BuyerRedirect, CheckoutError> {
///     # #[cfg(feature = "ssr")]
///     kelviq_leptos::checkout()
///         .await?
///         .plan("team", kelviq_core::ChargePeriod::Yearly)
///         .quantity("seats", seats)
///         .success_path("/thanks")
///         .redirect()
///         .await
/// }
///
/// #[component]
/// fn Team() -> impl IntoView {
///     let buy_seats = ServerAction::<BuySeats>::new();
///     view! {
///         <CheckoutForm action=buy_seats>
///             <label>"Seats " <input name="seats" type="number" min="1" max="50" value="5" required/></label>
///             <button type="submit">"Buy Team"</button>
///         </CheckoutForm>
///     }
/// }
/// ```
///
/// The component follows the redirect only if its form was submitted. If the application dispatches the action itself,
/// it reads the redirect from the action's value.
///
/// While a request is pending, the button that was clicked has `aria-busy`. The status and the error are shown as in
/// [`CheckoutButton`](crate::CheckoutButton).
///
/// # Attributes
///
/// Attributes are added to the form.
///
/// # Without JavaScript
///
/// Works as [`CheckoutButton`](crate::CheckoutButton) does. Two clicks call the server function twice; the application
/// has to detect this if it matters.
///
/// # Server-side rendering
///
/// The HTML is the same in every rendering mode.
#[component]
pub fn CheckoutForm<S, OutputProtocol>(
    /// The action of the server function.
    action: ServerAction<S>,
    /// Identifies the form on its page. Defaults to the path of the server function. Forms with the same name are
    /// numbered as in [`CheckoutButton`](crate::CheckoutButton).
    #[prop(into, optional)]
    name: Option<String>,
    /// The status text while the request is pending.
    #[prop(into, default = "Opening the checkout…".into())]
    busy: TextProp,
    /// Returns the message for an error. Set it to translate the messages or to change their tone.
    #[prop(into, default = CheckoutError::checkout_message.into())]
    message: ErrorMessage,
    /// The inputs and the button.
    children: Children,
) -> impl IntoView
where
    S: ServerFn<
            Protocol = Http<PostUrl, OutputProtocol>,
            Output = BuyerRedirect,
            Error = CheckoutError,
        > + DeserializeOwned
        + Clone
        + Send
        + Sync
        + 'static,
{
    let name = name.unwrap_or_else(|| S::PATH.into());
    let read_arguments = |event: &SubmitEvent| S::from_event(event).ok();
    RedirectForm::new(action, read_arguments).view(&name, busy, message, children())
}
