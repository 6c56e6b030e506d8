//! Several forms with one name on a page.

use kelviq_axum::fake::Fault;
use kelviq_leptos::{CheckoutButton, CheckoutForm, PortalButton};
use leptos::prelude::*;
use tokio::task::yield_now;

use crate::support::{BuySeats, MODES, Store, form};

/// The texts of the buttons on the page.
const BUTTONS: [&str; 11] = [
    "first", "second", "loop 0", "loop 1", "for 0", "for 1", "closure", "loaded", "spread",
    "seats 1", "seats 2",
];

#[component]
fn Page() -> impl IntoView {
    let price = Resource::new(
        || (),
        |()| async {
            for _ in 0..5 {
                yield_now().await;
            }
            7
        },
    );
    let seats = ServerAction::<BuySeats>::new();
    view! {
        <CheckoutButton offer="pro">"first"</CheckoutButton>
        <CheckoutButton offer="pro" attr:class="big" attr:id="second">"second"</CheckoutButton>
        {(0..2).map(|n| view! { <CheckoutButton offer="pro">"loop " {n}</CheckoutButton> }).collect_view()}
        <For each=|| 0..2 key=|n| *n let:n>
            <CheckoutButton offer="pro">"for " {n}</CheckoutButton>
        </For>
        <PortalButton>"portal"</PortalButton>
        <Suspense fallback=|| view! { <CheckoutButton offer="team">"waiting"</CheckoutButton> }>
            // Rendered again and again until the resource is loaded.
            {move || {
                price.get();
                view! { <CheckoutButton offer="pro">"closure"</CheckoutButton> }
            }}
            {move || Suspend::new(async move {
                price.await;
                view! { <CheckoutButton offer="pro">"loaded"</CheckoutButton> }
            })}
        </Suspense>
        <CheckoutButton offer="pro" {..} class="small">"spread"</CheckoutButton>
        <CheckoutForm action=seats><input name="seats" value="3"/><button>"seats 1"</button></CheckoutForm>
        <CheckoutForm action=seats><input name="seats" value="3"/><button>"seats 2"</button></CheckoutForm>
    }
}

/// Returns the HTML of the form whose button has a text.
fn form_with<'a>(page: &'a str, text: &str) -> &'a str {
    let mut forms = page.split("<form").skip(1);
    let form = forms.find(|form| form.contains(&format!(">{text}</button>")));
    let form = form.unwrap_or_else(|| panic!("no form {text} in {page}"));
    form.split("</form>").next().unwrap()
}

fn action_of(form: &str) -> String {
    let (_, rest) = form.split_once("action=\"").unwrap();
    rest.split('"').next().unwrap().replace("&amp;", "&")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn only_the_form_that_failed_shows_its_error() {
    let store = Store::in_each_mode(|| view! { <Page/> }).await;
    store.kelviq.inject_always(Fault::Error(500));
    for mode in MODES {
        for button in BUTTONS {
            let page = store.page(&format!("/{mode}")).await;
            let fields = if button.starts_with("seats") {
                "seats=3"
            } else {
                "offer=pro"
            };
            let action = action_of(form_with(&page, button));
            let response = store.send(form(&action, fields)).await;
            let page = store.page(response.location()).await;
            assert_eq!(page.matches(r#"role="alert""#).count(), 1, "{page}");
            let failed = form_with(&page, button);
            assert!(
                failed.contains(r#"role="alert""#),
                "{mode} {button}: {page}"
            );
        }
    }
}

#[tokio::test]
async fn an_error_is_the_last_child_of_its_form_where_nothing_is_hydrated() {
    let store = Store::open().await;
    let page = store
        .page("/plans?kelviq_failed=pro&kelviq_error=busy")
        .await;
    let failed = form_with(&page, "Go Pro");
    assert!(failed.ends_with("</div>"), "{failed}");
    let page = store
        .page("/plans?kelviq_failed=pro*2&kelviq_error=busy")
        .await;
    assert!(!page.contains(r#"role="alert""#), "{page}");
}
