//! A button that opens the customer portal.

use leptos::{attribute_interceptor::AttributeInterceptor, prelude::*, text_prop::TextProp};

use crate::{
    CheckoutError, CheckoutRedirect,
    form::{MessageFn, RedirectForm},
    plain_form::page,
};

/// A button that signs the buyer in to Kelviq's customer portal, where invoices, cards and subscriptions are.
///
/// Whose portal it is, the buyer's extractor says, never the page: see [`CheckoutLayer`](crate::CheckoutLayer). It is a
/// form and behaves like [`CheckoutButton`](crate::CheckoutButton); attributes reach the button.
///
/// ```
/// # use kelviq_leptos::PortalButton;
/// # use leptos::prelude::*;
/// # let _ = || {
/// view! { <PortalButton attr:class="quiet">"Manage billing"</PortalButton> }
/// # };
/// ```
#[component]
pub fn PortalButton(
    /// Tells the forms of a page apart, where it has several of these buttons.
    #[prop(into, default = "portal".into())]
    name: String,
    /// What the status says while the server is asked.
    #[prop(into, default = "Opening…".into())]
    busy: TextProp,
    /// How an error is worded, for a page in another language or of another tone.
    #[prop(default = CheckoutError::portal_message)]
    message: MessageFn,
    /// What the button shows.
    children: ChildrenFn,
) -> impl IntoView {
    let form = RedirectForm::new(
        ServerAction::new(),
        |_| Some(OpenPortal { page: Some(page()) }),
        &name,
    );
    view! {
        <AttributeInterceptor let:attributes>
            {form.view(
                &name,
                busy.clone(),
                message,
                view! { <button type="submit" {..attributes}>{children()}</button> },
            )}
        </AttributeInterceptor>
    }
}

/// A script says its `page`, to come back to after signing in; a plain form says it in its address.
#[server(endpoint = "kelviq/portal")]
pub(crate) async fn open_portal(
    #[server(default)] page: Option<String>,
) -> Result<CheckoutRedirect, CheckoutError> {
    crate::server::open_portal(page).await
}
