//! The application, with and without a `<Router>`.

use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use super::{crowded::Crowded, late::Late, plans::Plans, start::Start, thanks::Thanks};
use crate::rendering::Rendering;

/// The attribute of a page's root element that selects [`RoutedApp`] for hydration.
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub(crate) const ROUTER_ATTRIBUTE: &str = "data-routed";

/// The paths of the pages.
#[cfg(feature = "ssr")]
pub(crate) const PATHS: [&str; 5] = ["/", "/plans", "/late", "/thanks", "/crowded"];

/// The application with a `<Router>`. The server provides the rendering mode as context; the browser does not need it.
#[component]
pub(crate) fn RoutedApp() -> impl IntoView {
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
                    <Route path=path!("/crowded") view=Crowded ssr=mode()/>
                </Routes>
            </main>
        </Router>
    }
}

/// The application without a `<Router>`. The server has a route for each page.
#[cfg(any(feature = "ssr", feature = "hydrate"))]
#[component]
pub(crate) fn UnroutedApp() -> impl IntoView {
    let page = match &*path() {
        "/plans" => view! { <Plans/> }.into_any(),
        "/late" => view! { <Late/> }.into_any(),
        "/thanks" => view! { <Thanks/> }.into_any(),
        "/crowded" => view! { <Crowded/> }.into_any(),
        _ => view! { <Start/> }.into_any(),
    };
    view! { <main>{page}</main> }
}

#[cfg(feature = "ssr")]
fn path() -> String {
    use axum::http::request::Parts;

    use_context::<Parts>().map_or_else(String::new, |parts| parts.uri.path().to_owned())
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
fn path() -> String {
    window().location().pathname().unwrap_or_default()
}
