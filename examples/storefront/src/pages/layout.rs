//! The layout that all pages share.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{A, Router};

use super::help::HelpAddress;
use crate::test_mode::is_test_mode;

pub(crate) const ICON_PATH: &str = "/icon.svg";

/// The header and the footer around a page.
#[component]
pub(crate) fn Layout(children: Children) -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|page: String| format!("{page} · Quillmoor")/>
        <Router>
            // `rel="external"`: the browser moves the focus to the content, while the router would only scroll to it.
            <a class="skip" href="#content" rel="external">"Skip to the content"</a>
            <header>
                <TestModeNotice/>
                <div class="top">
                    <a class="brand" href="/">
                        <img src=ICON_PATH alt="" width="32" height="32"/>
                        "Quillmoor"
                    </a>
                    <nav aria-label="Shop">
                        <A href="/" exact=true>"Plans"</A>
                        <A href="/orders">"Orders"</A>
                        <A href="/plan">"Your plan"</A>
                        <A href="/account">"Account"</A>
                    </nav>
                </div>
            </header>
            <main id="content" tabindex="-1">{children()}</main>
            <footer>
                <p>"Payments are taken by Kelviq on its own page. We never see your card."</p>
                <p>"Questions? " <HelpAddress/></p>
            </footer>
        </Router>
    }
}

/// A notice in test mode.
#[component]
fn TestModeNotice() -> impl IntoView {
    // The server writes the value into the page, and the browser reads it from there.
    let test_mode = SharedValue::new(is_test_mode).into_inner();
    test_mode.then(|| {
        view! {
            <p class="notice">
                <strong>"Test shop: nobody is charged."</strong>
                " Payments go to a local fake of Kelviq."
            </p>
        }
    })
}
