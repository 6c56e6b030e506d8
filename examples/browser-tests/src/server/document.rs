//! The document around the application.

#![allow(
    unreachable_pub,
    reason = "the `component` macro makes everything public"
)]

use leptos::prelude::*;

use crate::{
    Rendering,
    pages::{ROUTED, Routed, Unrouted},
};

#[component]
pub(super) fn Document(rendering: Rendering, options: LeptosOptions) -> impl IntoView {
    let scripts = rendering.hydrates().then(|| {
        let islands = rendering == Rendering::Islands;
        view! { <HydrationScripts options=options islands=islands/> }
    });
    let application = if rendering.is_routed() {
        view! { <Routed/> }.into_any()
    } else {
        view! { <Unrouted/> }.into_any()
    };
    let root = view! {
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <title>"A shop"</title>
                {scripts}
            </head>
            <body>{application}</body>
        </html>
    };
    view! {
        <!DOCTYPE html>
        {root.attr(ROUTED, rendering.is_routed().then_some(""))}
    }
}
