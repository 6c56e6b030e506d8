//! For every path that has no page.

use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;

#[component]
pub(super) fn NotFound() -> impl IntoView {
    expect_context::<ResponseOptions>().set_status(StatusCode::NOT_FOUND);
    view! {
        <Title text="Page not found"/>
        <section class="message">
            <h1>"There is no such page"</h1>
            <p>"The address may be mistyped, or the page has moved."</p>
            <p class="actions"><a class="button" href="/">"See the plans"</a></p>
        </section>
    }
}
