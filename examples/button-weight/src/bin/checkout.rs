//! The page with a checkout button instead of the plain form.

use button_weight::Counter;
use kelviq_leptos::CheckoutButton;
use leptos::{mount::hydrate_body, prelude::*};

#[component]
fn Page() -> impl IntoView {
    view! {
        <Counter/>
        <CheckoutButton offer="pro-monthly">"Go Pro"</CheckoutButton>
    }
}

fn main() {
    hydrate_body(Page);
}
