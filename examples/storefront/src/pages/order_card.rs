//! A view of one order, for the thank-you page and the list of orders.

use leptos::prelude::*;

use super::help::HelpAddress;
use crate::receipt::{Purchase, Receipt, Review};

#[component]
pub(super) fn OrderCard(receipt: Receipt) -> impl IntoView {
    let Receipt {
        reference,
        amount,
        paid_on,
        purchase,
        review,
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
            {review.map(|review| view! { <ReviewNote review/> })}
            {purchase.map(|Purchase { metadata, .. }| view! { <Metadata metadata/> })}
        </article>
    }
}

/// Tells the buyer that a person has to look at the order.
#[component]
fn ReviewNote(review: Review) -> impl IntoView {
    let reason = match review {
        Review::UnknownPurchase => {
            "Your payment has arrived, but we could not match it to a plan. "
        }
        Review::UnexpectedStatus => "Your payment has arrived, but we have to check this order. ",
        Review::PaidTwice => "Your payment has arrived, but this order had already been paid. ",
    };
    view! {
        <p class="note">
            <strong>"Needs review. "</strong>
            {reason}
            "Please write to " <HelpAddress/> " with the reference above, and we will sort it out."
        </p>
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
