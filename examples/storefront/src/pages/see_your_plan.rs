//! The link below the message of a checkout button, for a customer who has the plan already.

use leptos::prelude::*;

#[component]
pub(super) fn SeeYourPlan() -> impl IntoView {
    view! { <a href="/plan">"See your plan"</a> }
}
