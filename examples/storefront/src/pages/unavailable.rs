//! The message for pages that need Kelviq, while it cannot be reached.

use leptos::prelude::*;

use super::{help::HelpAddress, response_status::set_status};

#[component]
pub(super) fn KelviqUnavailable(
    /// The path of the page, to try again.
    page: &'static str,
) -> impl IntoView {
    set_status(503);
    view! {
        <div role="alert">
            <p>
                "We cannot look up your plan right now. The problem is not on your side, and your plan is not affected: "
                "what you have paid for stays yours, so please do not pay again."
            </p>
            <p>"Try again in a few minutes. If this page stays, write to " <HelpAddress/> "."</p>
        </div>
        // `rel="external"`, because the router ignores links to the current page.
        <p class="actions"><a class="button" href=page rel="external">"Try again"</a></p>
    }
}
