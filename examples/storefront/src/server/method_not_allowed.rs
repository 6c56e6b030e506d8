//! The page for requests with an unsupported method, for example when the target of a form is opened as a page.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::pages::layout::Layout;

pub(super) fn method_not_allowed() -> impl IntoView {
    view! {
        <Layout>
            <Title text="Nothing to see here"/>
            <section class="message">
                <h1>"Nothing to see here"</h1>
                <p>"This address is only used by the shop's buttons. Opening it does nothing."</p>
                <p class="actions"><a class="button" href="/">"Back to the plans"</a></p>
            </section>
        </Layout>
    }
}
