//! A button that sells one offer.

use std::collections::BTreeMap;

use leptos::{
    attribute_interceptor::AttributeInterceptor, ev::SubmitEvent, form::form_data_from_event,
    prelude::*, text_prop::TextProp,
};
use web_sys::js_sys::Array;

use crate::{
    CheckoutError, CheckoutRedirect,
    form::{MessageFn, RedirectForm},
    plain_form::page,
};

/// A button that sells an offer: a real form, which works without JavaScript, over a server function of the library's own.
///
/// The server knows the plan, the price and the buyer: see [`CheckoutLayer`](crate::CheckoutLayer). The children are what
/// the button shows. Attributes reach the button, not the form around it, in the two ways that Leptos passes attributes to
/// components:
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
/// An offer whose quantity the buyer chooses gets an input, before the button and inside the form:
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
/// It is a form, so it stands where a form may stand: not in a `<p>`, not in another form. Its `inputs` and children may be
/// made more than once; they are no place for effects or resources.
///
/// With JavaScript, the button has `aria-busy` while the server is asked, and a `role="status"` says so; a second click
/// does nothing. What went wrong stands below the button, in a `role="alert"` that has the focus.
#[component]
pub fn CheckoutButton(
    /// The name of the offer, as it was given to `kelviq_axum::Offers`.
    #[prop(into)]
    offer: String,
    /// Tells the forms of a page apart; the offer's name by default. Needed where an offer has several buttons on one page:
    /// without JavaScript, an error is shown beside each of that name.
    #[prop(into, optional)]
    name: Option<String>,
    /// What stands in the form before the button, such as a [`QuantityInput`](crate::QuantityInput).
    #[prop(into, optional)]
    inputs: Option<ViewFn>,
    /// What the status says while the server is asked.
    #[prop(into, default = "Opening the checkout…".into())]
    busy: TextProp,
    /// How an error is worded, for a page in another language or of another tone.
    #[prop(default = CheckoutError::checkout_message)]
    message: MessageFn,
    /// What the button shows.
    children: ChildrenFn,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::server::check_offer(&offer);
    let name = name.unwrap_or_else(|| offer.clone());
    let form = RedirectForm::new(ServerAction::new(), arguments, &name);
    view! {
        <AttributeInterceptor let:attributes>
            {form.view(
                &name,
                busy.clone(),
                message,
                view! {
                    <input type="hidden" name="offer" value=offer.clone()/>
                    {inputs.clone().map(|inputs| move || inputs.run())}
                    <button type="submit" {..attributes}>{children()}</button>
                },
            )}
        </AttributeInterceptor>
    }
}

/// Read by hand: what Leptos reads the arguments of any function with would weigh more than the whole button.
fn arguments(event: &SubmitEvent) -> Option<SellOffer> {
    let fields = form_data_from_event(event).ok()?;
    let offer = fields.get("offer").as_string()?;
    let mut quantity = BTreeMap::new();
    for field in fields.entries() {
        let field = Array::from(&field.ok()?);
        let (name, text) = (field.get(0).as_string()?, field.get(1).as_string());
        let feature = name.strip_prefix("quantity[");
        if let Some(feature) = feature.and_then(|name| name.strip_suffix(']')) {
            quantity.insert(feature.to_owned(), text?);
        }
    }
    Some(SellOffer {
        offer,
        quantity,
        page: Some(page()),
    })
}

/// The form's fields are its arguments: `offer`, and `quantity[…]` for each feature whose quantity the buyer chooses. A
/// script says its `page`, to come back to after signing in; a plain form says it in its address.
#[server(endpoint = "kelviq/checkout")]
pub(crate) async fn sell_offer(
    offer: String,
    #[server(default)] quantity: BTreeMap<String, String>,
    #[server(default)] page: Option<String>,
) -> Result<CheckoutRedirect, CheckoutError> {
    crate::server::sell_offer(&offer, quantity, page).await
}
