//! What was fulfilled for this visitor.

use leptos::prelude::*;
use leptos_meta::Title;

use super::order::OrderCard;
use crate::{orders::Orders, visitor::Visitor};

#[component]
pub(super) fn YourOrders() -> impl IntoView {
    let orders = Visitor::of_page().map_or_else(Vec::new, |visitor| {
        expect_context::<Orders>().of_customer(visitor.customer_id())
    });
    view! {
        <Title text="Your orders"/>
        <section class="list">
            <h1>"Your orders"</h1>
            {if orders.is_empty() {
                view! {
                    <p>
                        "There is nothing here yet. An order appears as soon as its payment is confirmed, "
                        "in the browser that ordered it."
                    </p>
                    <p class="actions"><a class="button" href="/">"See the plans"</a></p>
                }.into_any()
            } else {
                view! {
                    {orders.into_iter().map(|order| view! { <OrderCard order/> }).collect_view()}
                    <form class="billing" method="post" action="/billing">
                        <button class="button quiet" type="submit">"Manage billing"</button>
                        <p>"Invoices, cards and subscriptions, on Kelviq's page."</p>
                    </form>
                }.into_any()
            }}
        </section>
    }
}
