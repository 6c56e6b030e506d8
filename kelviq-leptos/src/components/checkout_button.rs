//! A button that sells an offer. Its `<form>` is in `redirect_form.rs`.

use leptos::{children::ViewFnOnce, prelude::*, server_fn::ServerFn, text_prop::TextProp};

use super::{
    error_content::ErrorContent, error_message::ErrorMessage, error_view::ErrorView,
    redirect_button::redirect_button,
};
use crate::{checkout_error::CheckoutError, platform::check_offer, server_fns::SellOffer};

/// A button that sells an offer.
///
/// It renders a form. The server finds the plan, the price and the buyer by the name of the offer: see
/// [`CheckoutLayer`](crate::CheckoutLayer).
///
/// # Usage
///
/// ```
/// # use kelviq_leptos::CheckoutButton;
/// # use leptos::prelude::*;
/// # let _ = || {
/// view! { <CheckoutButton offer="pro-monthly">"Go Pro"</CheckoutButton> }
/// # };
/// ```
///
/// If the buyer chooses a quantity of the offer, add a [`QuantityInput`](crate::QuantityInput):
///
/// ```
/// # use kelviq_leptos::{CheckoutButton, QuantityInput};
/// # use leptos::prelude::*;
/// # let _ = || {
/// view! {
///     <CheckoutButton
///         offer="team-yearly"
///         inputs=|| view! { <label>"Seats " <QuantityInput feature="seats" allowed=1..=50 value=5/></label> }
///     >
///         "Buy Team"
///     </CheckoutButton>
/// }
/// # };
/// ```
///
/// HTML does not allow a form inside a `<p>` or another form.
///
/// While a request is pending, the button has `aria-busy`, and an element with `role="status"` has the text of `busy`.
/// A second click is ignored. An error is shown below the button, in a focused element with `role="alert"`.
///
/// # Attributes
///
/// Attributes are added to the button, not to the form, in both ways that Leptos passes attributes to a component:
///
/// ```
/// # use kelviq_leptos::CheckoutButton;
/// # use leptos::prelude::*;
/// # let _ = || {
/// view! {
///     <CheckoutButton offer="pro-monthly" attr:class="primary" attr:id="go-pro">"Go Pro"</CheckoutButton>
///     <CheckoutButton offer="starter" {..} class="primary" aria-describedby="starter">"Buy Starter"</CheckoutButton>
/// }
/// # };
/// ```
///
/// # Customers with a subscription
///
/// If the offer [refuses subscribers](https://docs.rs/kelviq-axum/latest/kelviq_axum/struct.Offer.html#method.refuse_subscribers),
/// show the way to the subscription that the customer has already:
///
/// ```
/// # use kelviq_leptos::CheckoutButton;
/// # use leptos::prelude::*;
/// # let _ = || {
/// view! {
///     <CheckoutButton offer="pro-monthly" manage=|| view! { <a href="/account">"Manage your subscription"</a> }>
///         "Go Pro"
///     </CheckoutButton>
/// }
/// # };
/// ```
///
/// # Without JavaScript
///
/// The browser submits the form, and the response redirects it to the checkout page. After an error, it redirects back
/// to the form's page, which shows the error below the button.
///
/// # Server-side rendering
///
/// The HTML is the same in every rendering mode. On the server, an offer that does not exist is logged as an error.
#[component]
pub fn CheckoutButton(
    /// The name of the offer in `kelviq_axum::Offers`.
    #[prop(into)]
    offer: String,
    /// Identifies the form on its page. Defaults to the offer's name. Forms with the same name are numbered in
    /// the order of the page, so that only the one that failed shows an error. Set it if that order can change: in a list
    /// that is filtered, in several `<Suspense>`, in the fallback of a `<Suspense>`, and before or after
    /// a `Suspend` outside of one. Otherwise, another form can show the error, or none.
    #[prop(into, optional)]
    name: Option<String>,
    /// Inputs of the form, rendered before the button, such as [`QuantityInput`](crate::QuantityInput).
    #[prop(into, optional)]
    inputs: Option<ViewFnOnce>,
    /// The status text while the request is pending.
    #[prop(into, default = "Opening the checkout…".into())]
    busy: TextProp,
    /// Returns the message for an error. Set it to translate the messages or to change their tone.
    #[prop(into, default = CheckoutError::checkout_message.into())]
    message: ErrorMessage,
    /// The content below the message for a customer who has a subscription already
    /// ([`AlreadySubscribed`](crate::CheckoutProblem::AlreadySubscribed)), such as a link to the page with the
    /// [`PortalButton`](crate::PortalButton). It is HTML that works without a script: without forms and
    /// resources.
    #[prop(into, optional)]
    manage: Option<ErrorContent>,
    /// The content of the button.
    children: Children,
) -> impl IntoView {
    check_offer(&offer);
    let name = name.unwrap_or_else(|| offer.clone());
    let inputs = inputs.map(ViewFnOnce::run);
    redirect_button(
        SellOffer::PATH,
        &name,
        busy,
        ErrorView { message, manage },
        Some(offer),
        inputs,
        children,
    )
}
