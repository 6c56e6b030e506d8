//! The pages, rendered on the server.

#![expect(
    unreachable_pub,
    reason = "the component macro makes a hidden `pub` function of each component"
)]

mod cancelled;
mod not_found;
mod order;
mod orders;
mod plans;
mod refused;
mod thanks;

use kelviq_axum::Reference;
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    components::{A, Route, Router, Routes},
    path,
};

use self::{
    cancelled::Cancelled, not_found::NotFound, orders::YourOrders, plans::Plans, refused::Refused,
    thanks::Thanks,
};
use crate::{
    assets::{ICON_PATH, STYLE_PATH},
    refusals::Refusal,
};

/// Whether a stand-in takes the payments.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlayMoney(pub(crate) bool);

/// The HTML document around the application.
pub(crate) fn document() -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href=ICON_PATH type="image/svg+xml"/>
                <link rel="stylesheet" href=STYLE_PATH.as_str()/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The application: what all pages share, and which page is at which path.
#[component]
pub(crate) fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|page: String| format!("{page} · Quillmoor")/>
        <Router>
            <a class="skip" href="#content">"Skip to the content"</a>
            <header>
                <Notice/>
                <div class="top">
                    <a class="brand" href="/">
                        <img src=ICON_PATH alt="" width="32" height="32"/>
                        "Quillmoor"
                    </a>
                    <nav aria-label="Shop">
                        <A href="/" exact=true>"Plans"</A>
                        <A href="/orders">"Your orders"</A>
                    </nav>
                </div>
            </header>
            <main id="content" tabindex="-1">
                {match Refusal::of_page() {
                    Some(refusal) => view! { <Refused refusal/> }.into_any(),
                    None => view! {
                        <Routes fallback=NotFound>
                            <Route path=path!("/") view=Plans/>
                            <Route path=path!("/thanks") view=Thanks/>
                            <Route path=path!("/cancelled") view=Cancelled/>
                            <Route path=path!("/orders") view=YourOrders/>
                        </Routes>
                    }.into_any(),
                }}
            </main>
            <footer>
                <p>"Payments are taken by Kelviq on its own page. We never see your card."</p>
                <p>"Questions? " <Help/></p>
            </footer>
        </Router>
    }
}

/// Says so when no money moves.
#[component]
fn Notice() -> impl IntoView {
    let play_money = use_context::<PlayMoney>().is_some_and(|PlayMoney(yes)| yes);
    play_money.then(|| {
        view! {
            <p class="notice">
                <strong>"Test shop: no money moves."</strong>
                " A local stand-in for Kelviq takes the payments."
            </p>
        }
    })
}

/// Where people answer.
#[component]
fn Help() -> impl IntoView {
    view! { <a href="mailto:help@quillmoor.example">"help@quillmoor.example"</a> }
}

/// What to name when asking about an order.
#[component]
fn ReferenceLine(reference: Reference) -> impl IntoView {
    view! { <p class="reference">"Reference " <code>{reference.to_string()}</code></p> }
}
