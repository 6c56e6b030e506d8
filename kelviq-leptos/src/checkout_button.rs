//! A button that sells one offer.

use leptos::{attribute_interceptor::AttributeInterceptor, prelude::*};

/// A button that sells an offer: a form of its own, which posts to the offer's checkout route. The server answers with
/// a redirect to the checkout page.
///
/// The children are what the button shows. Attributes reach the button, not the form around it, in the two ways that
/// Leptos passes attributes to components:
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
/// An application that serves the routes somewhere else says where, e.g. `path="/shop/buy"`.
#[component]
#[expect(
    clippy::needless_pass_by_value,
    reason = "the props of a component are owned"
)]
pub fn CheckoutButton(
    /// The name of the offer, as it was given to `kelviq_axum::Offers`.
    #[prop(into)]
    offer: String,
    /// The path at which the application nested `kelviq_axum::routes`.
    #[prop(into, default = "/checkout".into())]
    path: String,
    /// What the button shows.
    children: ChildrenFn,
) -> impl IntoView {
    let action = format!("{}/{offer}", path.trim_end_matches('/'));
    view! {
        <AttributeInterceptor let:attributes>
            <form method="post" action=action.clone()>
                <button type="submit" {..attributes}>
                    {children()}
                </button>
            </form>
        </AttributeInterceptor>
    }
}
