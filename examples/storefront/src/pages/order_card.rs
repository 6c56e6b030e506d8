//! A view of one order, for the thank-you page and the list of orders.

use leptos::prelude::*;

use super::help::HelpAddress;
use crate::receipt::{Purchase, Receipt};

#[component]
pub(super) fn OrderCard(receipt: Receipt) -> impl IntoView {
    let Receipt {
        reference,
        amount,
        paid_on,
        purchase,
    } = receipt;
    let title = purchase
        .as_ref()
        .map_or("Payment received", |purchase| purchase.plan.title());
    let seats = purchase.as_ref().and_then(|purchase| purchase.seats);
    view! {
        <article class="order">
            <div class="order-head">
                <h2>{title}</h2>
                <p class="amount">{amount}</p>
            </div>
            <dl>
                {seats.map(|seats| view! { <div><dt>"Seats"</dt><dd>{seats}</dd></div> })}
                {paid_on.map(|day| view! { <div><dt>"Paid"</dt><dd><time>{day}</time></dd></div> })}
                <div><dt>"Reference"</dt><dd><code>{reference}</code></dd></div>
            </dl>
            {match purchase {
                Some(Purchase { metadata, .. }) => view! { <Metadata metadata/> }.into_any(),
                None => view! {
                    <p class="note">
                        "Your payment has arrived, but we could not match it to a plan. Please write to "
                        <HelpAddress/> " with the reference above, and we will sort it out."
                    </p>
                }.into_any(),
            }}
        </article>
    }
}

/// The metadata that was sent with the checkout and returned with the payment.
#[component]
fn Metadata(metadata: Vec<(String, String)>) -> impl IntoView {
    let entries = metadata.into_iter().map(|(key, json)| {
        view! { <div><dt><code>{key}</code></dt><dd><code>{json}</code></dd></div> }
    });
    view! {
        <section class="record">
            <h3>"Order record"</h3>
            <p>"These details were sent with your checkout and returned with your payment."</p>
            <dl>{entries.collect_view()}</dl>
        </section>
    }
}
