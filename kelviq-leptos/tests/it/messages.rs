//! Messages that the application sets.

use axum::routing::get;
use kelviq_leptos::{CheckoutButton, CheckoutError, CheckoutForm, CheckoutLayer, PortalButton};
use leptos::prelude::*;
use leptos_axum::{render_app_async, render_app_to_stream, render_app_to_stream_in_order};

use crate::support::{BuySeats, Store, form_html};

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
    let store = Store::with_layer(|router, offers| {
        let page = || view! { <Page/> };
        router
            .route("/async", get(render_app_async(page)))
            .route("/in-order", get(render_app_to_stream_in_order(page)))
            .route("/out-of-order", get(render_app_to_stream(page)))
            .layer(CheckoutLayer::new(offers))
    })
    .await;
    for mode in ["async", "in-order", "out-of-order"] {
        for name in ["pro", "seats", "portal"] {
            let query = format!("kelviq_failed={name}&kelviq_error=busy");
            let page = store.page(&format!("/{mode}?{query}")).await;
            let message = ">busy: ask help@example.com or help@example.com</p>";
            assert!(form_html(&page, name).contains(message), "{mode}: {page}");
        }
    }
}
