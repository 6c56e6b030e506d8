//! The message of a page whose content cannot be read.

use leptos::prelude::*;

use super::{help::HelpAddress, response_status::set_status};

#[component]
pub(super) fn Unavailable(
    /// The path of the page, to try again.
    page: &'static str,
    /// What cannot be shown, and that nothing is lost.
    text: &'static str,
) -> impl IntoView {
    set_status(503);
    view! {
        <div role="alert">
            <p>{text}</p>
            <p>"Try again in a few minutes. If this page stays, write to " <HelpAddress/> "."</p>
        </div>
        // `rel="external"`, because the router ignores links to the current page.
        <p class="actions"><a class="button" href=page rel="external">"Try again"</a></p>
    }
}

/// A page that needs Kelviq, while it cannot be reached.
#[component]
pub(super) fn PlanUnavailable(page: &'static str) -> impl IntoView {
    let text = "We cannot look up your plan right now. The problem is not on your side, and your plan is not affected: \
        what you have paid for stays yours, so please do not pay again.";
    view! { <Unavailable page text/> }
}
