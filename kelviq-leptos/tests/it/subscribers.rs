//! The message for a customer who has a subscription already, and the content below it.

use kelviq_leptos::{CheckoutButton, CheckoutForm, CheckoutProblem, PortalButton};
use leptos::prelude::*;

use crate::support::{BuySeats, MODES, Store, form_html};

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
    let alone = format!("<p role=\"alert\" tabindex=\"-1\" autofocus>{message}</p>");
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
        assert!(form_html(&page, "pro").contains("<p role=\"alert\""));
        let page = page + &store.page(&format!("/{mode}")).await;
        assert!(!page.contains("your subscription"), "{mode}");
    }
}
