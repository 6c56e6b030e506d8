//! The pages.

#![allow(
    unreachable_pub,
    reason = "the `component` and `island` macros make everything public"
)]

mod late;
mod plans;
mod ready;
mod start;
mod thanks;

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use self::{late::Late, plans::Plans, start::Start, thanks::Thanks};
use crate::Rendering;

/// The attribute of a page's root that says that its application has a `<Router>`.
pub(crate) const ROUTED: &str = "data-routed";

/// The paths of the pages.
#[cfg(feature = "ssr")]
pub(crate) const PATHS: [&str; 4] = ["/", "/plans", "/late", "/thanks"];

/// The application under a `<Router>`. The mode stands in the context of the server, and is of no interest to the browser.
#[component]
pub(crate) fn Routed() -> impl IntoView {
    let mode = || match use_context() {
        Some(Rendering::InOrder) => SsrMode::InOrder,
        Some(Rendering::Async) => SsrMode::Async,
        _ => SsrMode::OutOfOrder,
    };
    view! {
        <Router>
            <main>
                <Routes fallback=|| "There is no such page.">
                    <Route path=path!("/") view=Start ssr=mode()/>
                    <Route path=path!("/plans") view=Plans ssr=mode()/>
                    <Route path=path!("/late") view=Late ssr=mode()/>
                    <Route path=path!("/thanks") view=Thanks ssr=mode()/>
                </Routes>
            </main>
        </Router>
    }
}

/// The application without a `<Router>`: the server has a route for each page.
#[component]
pub(crate) fn Unrouted() -> impl IntoView {
    let page = match &*path() {
        "/plans" => view! { <Plans/> }.into_any(),
        "/late" => view! { <Late/> }.into_any(),
        "/thanks" => view! { <Thanks/> }.into_any(),
        _ => view! { <Start/> }.into_any(),
    };
    view! { <main>{page}</main> }
}

#[cfg(feature = "ssr")]
fn path() -> String {
    use axum::http::request::Parts;

    use_context::<Parts>().map_or_else(String::new, |parts| parts.uri.path().to_owned())
}

#[cfg(not(feature = "ssr"))]
fn path() -> String {
    window().location().pathname().unwrap_or_default()
}
