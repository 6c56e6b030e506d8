//! The message for a customer who has a subscription already, and the content below it.

use axum::http::StatusCode;
use kelviq_leptos::{CheckoutButton, CheckoutForm, CheckoutProblem, PortalButton};
use leptos::prelude::*;

use crate::support::{BuySeats, CHECKOUT, MODES, SEATS, Store, action, form, form_html, script};

#[component]
fn Page() -> impl IntoView {
    let seats = ServerAction::<BuySeats>::new();
    // Of any kind, and from the context.
    provide_context("/account");
    let manage = || {
        let href = expect_context::<&str>();
        view! { <p>"See " <a href=href>"your subscription"</a></p> }
    };
    view! {
        <CheckoutButton offer="pro" manage=manage>"Go Pro"</CheckoutButton>
        <CheckoutButton offer="club" manage=manage>"Join"</CheckoutButton>
        <CheckoutButton offer="team">"Buy Team"</CheckoutButton>
        <CheckoutForm action=seats name="seats" manage=manage>
            <button>"Buy seats"</button>
        </CheckoutForm>
        <PortalButton>"Manage billing"</PortalButton>
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_content_is_below_the_message_of_the_form_that_failed_because_of_a_subscription() {
    let store = Store::in_each_mode(|| view! { <Page/> }).await;
    let message = CheckoutProblem::AlreadySubscribed.message();
    let with_content = format!(
        "<div role=\"alert\" tabindex=\"-1\" autofocus>{message}<div><p>See \
         <a href=\"/account\">your subscription</a></p></div></div>"
    );
    let alone = format!("<div role=\"alert\" tabindex=\"-1\" autofocus>{message}</div>");
    for mode in MODES {
        for (name, alert) in [
            ("pro", &with_content),
            ("seats", &with_content),
            ("team", &alone),
            ("portal", &alone),
        ] {
            let error = format!("kelviq_failed={name}&kelviq_error=already_subscribed");
            let page = store.page(&format!("/{mode}?{error}")).await;
            assert!(form_html(&page, name).ends_with(alert), "{mode} {page}");
            assert_eq!(page.matches("role=\"alert\"").count(), 1, "{mode} {name}");
            let is_shown = page.contains("your subscription");
            assert_eq!(is_shown, alert == &with_content, "{mode} {name}");
        }
        let page = store
            .page(&format!("/{mode}?kelviq_failed=pro&kelviq_error=busy"))
            .await;
        assert!(form_html(&page, "pro").contains("<div role=\"alert\""));
        let page = page + &store.page(&format!("/{mode}")).await;
        assert!(!page.contains("your subscription"), "{mode}");
    }
}

/// A store whose customer `cust_1` has a subscription of `club`, which was sold by `path`.
async fn store_with_subscriber(path: &str, fields: &str) -> Store {
    let store = Store::in_each_mode(|| view! { <Page/> }).await;
    let sold = store.send(script(path, fields)).await;
    assert_eq!(sold.status, StatusCode::OK, "{}", sold.body);
    let session = &store.kelviq.checkouts()[0].id;
    let _ = store.kelviq.pay(session);
    // Otherwise, another click would get the session that was paid.
    store.shop.session_ended(session).await;
    store
}

/// The fields of a sale that is not for subscribers of `club`.
const SALES: [(&str, &str, &str); 3] = [
    (CHECKOUT, "club", "offer=club"),
    (SEATS, "seats", "seats=4444"),
    (SEATS, "seats", "seats=4445"),
];

#[tokio::test]
async fn a_script_is_told_that_the_customer_has_a_subscription() {
    for (path, _, fields) in &SALES[..2] {
        let store = store_with_subscriber(path, fields).await;
        for (path, _, fields) in SALES {
            let response = store.send(script(path, fields)).await;
            assert_eq!(response.status, StatusCode::CONFLICT, "{fields}");
            assert_eq!(response.error().0, "already_subscribed");
        }
        assert_eq!(store.kelviq.checkouts().len(), 1);
    }
}

#[tokio::test]
async fn without_javascript_the_form_shows_the_message_and_the_content() {
    let store = store_with_subscriber(CHECKOUT, "offer=club").await;
    for (_, name, fields) in SALES {
        let page = store.page("/async").await;
        let response = store.send(form(&action(&page, name), fields)).await;
        let (address, reference) = response.error_page();
        let error = format!("/async?kelviq_failed={name}&kelviq_error=already_subscribed");
        assert_eq!(address, error);
        let page = store.page(response.location()).await;
        let form = form_html(&page, name);
        assert!(
            form.contains(&format!("Reference: {reference}<div>")),
            "{form}"
        );
        assert!(form.contains("your subscription"), "{form}");
    }
    assert_eq!(store.kelviq.checkouts().len(), 1);
}

#[tokio::test]
async fn a_server_function_writes_the_profile_of_its_customer() {
    let store = store_with_subscriber(SEATS, "seats=4444").await;
    let client = store.kelviq.client();
    let portal = client.create_portal_session("cust_1").await.unwrap();
    assert_eq!(portal.email.as_deref(), Some("ada@b.example"));
}
