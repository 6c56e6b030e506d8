//! The page for unknown paths.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{icon::Icon, message::Message, response_status::set_status};

#[component]
pub(super) fn NotFound() -> impl IntoView {
    set_status(404);
    view! {
        <Title text="Page not found"/>
        <Message icon=Icon::Compass heading="There is no such page">
            <p>"The address may be mistyped, or the page has moved. The plans and your orders are where they were."</p>
            <p class="actions">
                <a class="button" href="/">"See the plans"</a>
                <a class="button quiet" href="/orders">"Your orders"</a>
            </p>
        </Message>
    }
}
