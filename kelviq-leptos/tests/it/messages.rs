//! Messages that the application sets.

use kelviq_leptos::{CheckoutButton, CheckoutError, CheckoutForm, PortalButton};
use leptos::prelude::*;

use crate::support::{BuySeats, MODES, Store, form_html};

#[derive(Clone)]
struct Contact(String);

#[component]
fn Buttons() -> impl IntoView {
    let seats = ServerAction::<BuySeats>::new();
    let contact = expect_context::<Contact>();
    // Uses a value of the component, and the context at the time of the error.
    let message = move |error: &CheckoutError| {
        let now = use_context::<Contact>().map_or_else(String::new, |contact| contact.0);
        format!("{}: ask {} or {now}", error.problem().code(), contact.0)
    };
    view! {
        <CheckoutButton offer="pro" message=message.clone()>"Go Pro"</CheckoutButton>
        <CheckoutForm action=seats name="seats" message=message.clone()><button>"Buy"</button></CheckoutForm>
        <PortalButton message=message>"Billing"</PortalButton>
    }
}

#[component]
fn Page() -> impl IntoView {
    provide_context(Contact("help@example.com".into()));
    view! { <Buttons/> }
}

#[tokio::test]
async fn a_message_is_any_function_and_is_called_in_the_context_of_its_component() {
    let store = Store::in_each_mode(|| view! { <Page/> }).await;
    for mode in MODES {
        for name in ["pro", "seats", "portal"] {
            let query = format!("kelviq_failed={name}&kelviq_error=busy");
            let page = store.page(&format!("/{mode}?{query}")).await;
            let message = ">busy: ask help@example.com or help@example.com</div>";
            assert!(form_html(&page, name).contains(message), "{mode}: {page}");
        }
    }
}
