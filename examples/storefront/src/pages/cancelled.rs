//! The page for buyers who left the checkout without paying.

use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub(super) fn Cancelled() -> impl IntoView {
    view! {
        <Title text="Checkout cancelled"/>
        <section class="message">
            <h1>"You left the checkout"</h1>
            <p>"Nothing was charged. You can choose a plan again at any time."</p>
            <p class="actions"><a class="button" href="/">"Back to the plans"</a></p>
        </section>
    }
}
