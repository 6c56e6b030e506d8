//! The page for requests with an unsupported method, for example when the target of a form is opened as a page.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::pages::{icon::Icon, layout::Layout, message::Message};

pub(super) fn method_not_allowed() -> impl IntoView {
    view! {
        <Layout>
            <Title text="No page at this address"/>
            <Message icon=Icon::Compass heading="There is no page at this address">
                <p>
                    "One of the shop's buttons works here, and you have opened its address directly. That has not "
                    "ordered or changed anything. To buy a plan, please use its button."
                </p>
                <p class="actions">
                    <a class="button" href="/">"See the plans"</a>
                    <a class="button quiet" href="/orders">"Your orders"</a>
                </p>
            </Message>
        </Layout>
    }
}
