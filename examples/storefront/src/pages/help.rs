//! The address of the shop's support.

use leptos::prelude::*;

#[component]
pub(super) fn HelpAddress() -> impl IntoView {
    view! { <a href="mailto:help@quillmoor.example">"help@quillmoor.example"</a> }
}
