//! What all pages share.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{A, Router};

use super::Help;

pub(crate) const ICON_PATH: &str = "/icon.svg";

/// The frame around a page.
#[component]
pub(crate) fn Frame(children: Children) -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|page: String| format!("{page} · Quillmoor")/>
        <Router>
            // The browser moves the focus there; the router would only scroll.
            <a class="skip" href="#content" rel="external">"Skip to the content"</a>
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
            <main id="content" tabindex="-1">{children()}</main>
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
    // The server knows, and the browser reads it from the page.
    let play_money = SharedValue::new(|| {
        #[cfg(feature = "ssr")]
        {
            crate::server::is_play_money()
        }
        #[cfg(not(feature = "ssr"))]
        {
            false
        }
    });
    play_money.into_inner().then(|| {
        view! {
            <p class="notice">
                <strong>"Test shop: no money moves."</strong>
                " A local stand-in for Kelviq takes the payments."
            </p>
        }
    })
}
