//! The page that Kelviq leads buyers to who leave the checkout. A visit does not prove that nothing was paid.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{icon::Icon, message::Message};

#[component]
pub(super) fn Cancelled() -> impl IntoView {
    view! {
        <Title text="Left the checkout?"/>
        <Message icon=Icon::ArrowBack heading="Left the checkout?">
            <p>"If you have not paid, nothing is charged, and you can choose a plan whenever you like."</p>
            <p>
                "If you have paid, please do not pay again: your order appears on the orders page once the payment "
                "is confirmed."
            </p>
            <p class="actions">
                <a class="button" href="/">"Back to the plans"</a>
                <a class="button quiet" href="/orders">"Your orders"</a>
            </p>
        </Message>
    }
}
