//! A page with a plain form, as a baseline.

use button_weight::{Counter, PlainForm};
use leptos::{mount::hydrate_body, prelude::*};

#[component]
fn Page() -> impl IntoView {
    view! {
        <Counter/>
        <PlainForm/>
    }
}

fn main() {
    hydrate_body(Page);
}
