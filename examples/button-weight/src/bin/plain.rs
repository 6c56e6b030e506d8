//! A page with one plain form that calls a server function, as a baseline: most Leptos applications contain one.

use leptos::{mount::hydrate_body, prelude::*};

#[server]
#[allow(
    clippy::unused_async,
    reason = "server functions must be async; the body is not compiled for browsers"
)]
async fn buy() -> Result<(), ServerFnError> {
    Ok(())
}

#[component]
fn Page() -> impl IntoView {
    let action = ServerAction::<Buy>::new();
    view! {
        <ActionForm action=action>
            <button type="submit">"Go Pro"</button>
        </ActionForm>
    }
}

fn main() {
    hydrate_body(Page);
}
