//! Where buyers come back to without paying.

use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub(super) fn Cancelled() -> impl IntoView {
    view! {
        <Title text="Checkout cancelled"/>
        <section class="message">
            <h1>"You left the checkout"</h1>
            <p>"Nothing was charged. The plans are where you left them."</p>
            <p class="actions"><a class="button" href="/">"Back to the plans"</a></p>
        </section>
    }
}
