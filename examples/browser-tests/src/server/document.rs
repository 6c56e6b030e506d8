//! The HTML document around the application.

#![allow(
    unreachable_pub,
    reason = "the `component` macro generates `pub` items"
)]

use leptos::prelude::*;

use crate::{
    pages::app::{ROUTER_ATTRIBUTE, RoutedApp, UnroutedApp},
    rendering::Rendering,
};

#[component]
pub(super) fn Document(rendering: Rendering, options: LeptosOptions) -> impl IntoView {
    let scripts = rendering.hydrates().then(|| {
        let islands = rendering == Rendering::Islands;
        view! { <HydrationScripts options=options islands=islands/> }
    });
    let application = if rendering.has_router() {
        view! { <RoutedApp/> }.into_any()
    } else {
        view! { <UnroutedApp/> }.into_any()
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
        {root.attr(ROUTER_ATTRIBUTE, rendering.has_router().then_some(""))}
    }
}
