//! For addresses that were opened though only buttons lead there, and the other way around.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::pages::frame::Frame;

pub(super) fn wrong_method() -> impl IntoView {
    view! {
        <Frame>
            <Title text="Nothing to see here"/>
            <section class="message">
                <h1>"Nothing to see here"</h1>
                <p>"This address is where a button of the shop leads. Opening it does nothing."</p>
                <p class="actions"><a class="button" href="/">"Back to the plans"</a></p>
            </section>
        </Frame>
    }
}
