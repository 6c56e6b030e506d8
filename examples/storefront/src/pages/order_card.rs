//! A view of one order, for the thank-you page and the list of orders.

use leptos::prelude::*;

use super::help::HelpAddress;
use crate::{
    day::Day,
    money::dollars,
    plan::seats_text,
    receipt::{Purchase, Receipt, Review},
};

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
    let seats = purchase
        .as_ref()
        .and_then(|purchase| seats(purchase, amount.as_deref()));
    view! {
        <article class="order">
            <div class="order-head">
                <h2>{title}</h2>
                {amount.map(|amount| view! { <p class="amount">{amount}</p> })}
                {seats.map(|seats| view! { <p class="seats">{seats}</p> })}
            </div>
            <dl>
                {paid_on.map(|day| view! { <PaidOn day/> })}
                <div><dt>"Reference"</dt><dd><code>{reference}</code></dd></div>
            </dl>
            {review.map(|review| view! { <ReviewNote review/> })}
            {purchase.map(|Purchase { metadata, .. }| view! { <Metadata metadata/> })}
        </article>
    }
    // Otherwise, the types of the pages with orders are too long for the compiler.
    .into_any()
}

/// Returns the number of seats, with the price of one if the amount is their product. With a discount or in another
/// currency, it is not.
fn seats(purchase: &Purchase, amount: Option<&str>) -> Option<String> {
    let number = purchase.seats?;
    let seats = seats_text(number);
    let price = purchase.plan.price();
    let total = price.saturating_mul(number);
    Some(if amount == Some(&dollars(total)) {
        format!("{seats} × {}", dollars(price))
    } else {
        seats
    })
}

#[component]
fn PaidOn(day: Day) -> impl IntoView {
    view! {
        <div>
            <dt>"Paid on"</dt>
            // Where the buyer is, it may be the day before or after.
            <dd><time datetime=day.date>{day.written}</time> <span class="zone">" (UTC)"</span></dd>
        </div>
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
        <details class="record">
            <summary>"Details for our support"</summary>
            <p>"If you ask us about this order, these details help us to find it. They came with your payment."</p>
            <dl>{entries.collect_view()}</dl>
        </details>
    }
}
