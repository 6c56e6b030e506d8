//! One order, as the thank-you page and the list of orders show it.

use kelviq_core::ToMetadata;
use leptos::prelude::*;

use super::Help;
use crate::orders::{Order, OrderMetadata};

#[component]
pub(super) fn OrderCard(order: Order) -> impl IntoView {
    let title = order
        .metadata
        .as_ref()
        .map_or("Payment received", |metadata| metadata.plan.title());
    let seats = order.metadata.as_ref().and_then(|metadata| metadata.seats);
    let paid_on = order
        .paid_at
        .as_deref()
        .and_then(|time| time.get(..10))
        .map(str::to_owned);
    view! {
        <article class="order">
            <div class="order-head">
                <h2>{title}</h2>
                <p class="amount">{order.amount}</p>
            </div>
            <dl>
                {seats.map(|seats| view! { <div><dt>"Seats"</dt><dd>{seats}</dd></div> })}
                {paid_on.map(|day| view! { <div><dt>"Paid"</dt><dd><time>{day}</time></dd></div> })}
                <div><dt>"Reference"</dt><dd><code>{order.reference}</code></dd></div>
            </dl>
            {match order.metadata {
                Some(metadata) => view! { <Record metadata/> }.into_any(),
                None => view! {
                    <p class="note">
                        "Your payment has arrived, but it does not say what it was for. Please write to "
                        <Help/> " with the reference above, and we will set it right."
                    </p>
                }.into_any(),
            }}
        </article>
    }
}

/// The metadata as it travelled: left with the checkout, came back with the payment.
#[component]
fn Record(metadata: OrderMetadata) -> impl IntoView {
    let metadata = metadata.to_metadata().unwrap_or_default();
    let entries = metadata.iter().map(|(key, json)| {
        view! { <div><dt><code>{key.into_owned()}</code></dt><dd><code>{json.to_owned()}</code></dd></div> }
    });
    view! {
        <section class="record">
            <h3>"Order record"</h3>
            <p>"It left with your checkout and came back with your payment."</p>
            <dl>{entries.collect_view()}</dl>
        </section>
    }
}
