//! A page with one plain form over a server function: what any Leptos application carries already.

use leptos::{mount::hydrate_body, prelude::*};

#[server]
#[allow(
    clippy::unused_async,
    reason = "server functions are, whatever they do; browsers do not see the body"
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
