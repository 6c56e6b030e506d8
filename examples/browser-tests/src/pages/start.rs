//! The start page, with a link to the plans.

use leptos::prelude::*;

use super::hydration_marker::HydrationMarker;

#[component]
pub(super) fn Start() -> impl IntoView {
    view! {
        <h1>"Welcome"</h1>
        <p><a href="/plans">"Our plans"</a></p>
        <HydrationMarker page="start".into()/>
    }
}
