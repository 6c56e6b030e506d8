//! The layout of pages that consist of one message.

use leptos::prelude::*;

use super::icon::{Icon, LineIcon};

/// A message with a heading. The children are the paragraphs, then the actions.
#[component]
pub(crate) fn Message(icon: Icon, heading: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="message">
            <p class="disc"><LineIcon icon/></p>
            <h1>{heading}</h1>
            {children()}
        </section>
    }
}
