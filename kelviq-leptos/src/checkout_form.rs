//! A form over a server function of the application's own.

use leptos::{
    ev::SubmitEvent,
    form::FromFormData,
    prelude::*,
    server_fn::{Http, ServerFn, codec::PostUrl},
    text_prop::TextProp,
};
use serde::de::DeserializeOwned;

use crate::{
    CheckoutError, CheckoutRedirect,
    form::{MessageFn, RedirectForm},
};

/// A form over a server function of the application's own, with the application's inputs and button as children. It
/// behaves like [`CheckoutButton`](crate::CheckoutButton) does, with JavaScript and without.
///
/// ```
/// # use kelviq_leptos::{CheckoutError, CheckoutForm, CheckoutRedirect};
/// # use leptos::prelude::*;
/// #[server]
/// async fn buy_seats(seats: u32) -> Result<CheckoutRedirect, CheckoutError> {
///     # #[cfg(feature = "ssr")]
///     kelviq_leptos::checkout()
///         .await?
///         .plan("team", kelviq_axum::kelviq_core::ChargePeriod::Yearly)
///         .customer_id("cust_789")
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
/// Without JavaScript, two clicks are two calls of the server function: it is the application's to tell them apart.
///
/// The button that was pressed has `aria-busy` meanwhile. Attributes reach the form. What the application itself
/// dispatches is the application's to follow: the action's value says where to.
#[component]
pub fn CheckoutForm<S, OutputProtocol>(
    /// The server function, as an action.
    action: ServerAction<S>,
    /// Tells the forms of a page apart; the server function's own path by default. Needed where it has several forms on one
    /// page: without JavaScript, an error is shown beside each of that name.
    #[prop(into, optional)]
    name: Option<String>,
    /// What the status says while the server is asked.
    #[prop(into, default = "Opening the checkout…".into())]
    busy: TextProp,
    /// How an error is worded, for a page in another language or of another tone.
    #[prop(default = CheckoutError::checkout_message)]
    message: MessageFn,
    /// The inputs and the button.
    children: Children,
) -> impl IntoView
where
    S: ServerFn<
            Protocol = Http<PostUrl, OutputProtocol>,
            Output = CheckoutRedirect,
            Error = CheckoutError,
        > + DeserializeOwned
        + Clone
        + Send
        + Sync
        + 'static,
{
    let name = name.unwrap_or_else(|| S::PATH.into());
    let arguments = |event: &SubmitEvent| S::from_event(event).ok();
    RedirectForm::new(action, arguments, &name).view(&name, busy, message, children())
}
