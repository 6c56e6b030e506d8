//! The first page, from which a link leads to the plans.

use leptos::prelude::*;

use super::ready::Ready;

#[component]
pub(super) fn Start() -> impl IntoView {
    view! {
        <h1>"Welcome"</h1>
        <p><a href="/plans">"Our plans"</a></p>
        <Ready page="start".into()/>
    }
}
