//! One order, as the thank-you page and the list of orders show it.

use leptos::prelude::*;

use super::Help;
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
                Some(Purchase { record, .. }) => view! { <Record record/> }.into_any(),
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
fn Record(record: Vec<(String, String)>) -> impl IntoView {
    let entries = record.into_iter().map(|(key, json)| {
        view! { <div><dt><code>{key}</code></dt><dd><code>{json}</code></dd></div> }
    });
    view! {
        <section class="record">
            <h3>"Order record"</h3>
            <p>"It left with your checkout and came back with your payment."</p>
            <dl>{entries.collect_view()}</dl>
        </section>
    }
}
