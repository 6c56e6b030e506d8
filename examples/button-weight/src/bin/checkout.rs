//! A page with a checkout button.

use kelviq_leptos::CheckoutButton;
use leptos::{mount::hydrate_body, prelude::*};

#[component]
fn Page() -> impl IntoView {
    view! { <CheckoutButton offer="pro-monthly">"Go Pro"</CheckoutButton> }
}

fn main() {
    hydrate_body(Page);
}
