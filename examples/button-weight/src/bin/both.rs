//! The page with a checkout button in addition to the plain form.

use button_weight::{Counter, PlainForm};
use kelviq_leptos::CheckoutButton;
use leptos::{mount::hydrate_body, prelude::*};

#[component]
fn Page() -> impl IntoView {
    view! {
        <Counter/>
        <PlainForm/>
        <CheckoutButton offer="pro-monthly">"Go Pro"</CheckoutButton>
    }
}

fn main() {
    hydrate_body(Page);
}
