//! The page for unknown paths.

use leptos::prelude::*;
use leptos_meta::Title;

use super::response_status::set_status;

#[component]
pub(super) fn NotFound() -> impl IntoView {
    set_status(404);
    view! {
        <Title text="Page not found"/>
        <section class="message">
            <h1>"There is no such page"</h1>
            <p>"The address may be mistyped, or the page has moved."</p>
            <p class="actions"><a class="button" href="/">"See the plans"</a></p>
        </section>
    }
}
