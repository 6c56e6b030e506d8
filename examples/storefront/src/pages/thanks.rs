//! The page that buyers return to after paying.
//!
//! A visit does not prove a payment; only the webhook does. It can arrive before or after the buyer, so the page waits
//! for it. The order is found by the reference in the URL, so the visitor's cookie is not needed.

use kelviq_leptos::{CheckoutStatus, use_reference};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{help::HelpAddress, order_card::OrderCard, response_status::set_status};
use crate::{hydration::is_hydrated, receipt::Receipt};

#[component]
pub(super) fn Thanks() -> impl IntoView {
    let Some(reference) = use_reference().get_untracked() else {
        return view! { <InvalidReference/> }.into_any();
    };
    let confirming = {
        let reference = reference.clone();
        move || view! { <Confirming reference=reference.clone()/> }
    };
    let not_confirmed = move || view! { <NotConfirmed reference=reference.clone()/> };
    view! {
        <CheckoutStatus
            order=find_order
            waiting=confirming
            unconfirmed=not_confirmed
            hydrated=is_hydrated()
            let:receipt
        >
            <Paid receipt/>
        </CheckoutStatus>
    }
    .into_any()
}

/// Returns the order with this reference. References are random, so knowing one is enough to see its order.
#[server(endpoint = "order")]
async fn find_order(reference: String) -> Result<Option<Receipt>, ServerFnError> {
    use crate::server::{database_error::database_error, orders::Orders};

    let axum::Extension(orders): axum::Extension<Orders> = leptos_axum::extract().await?;
    let receipt = orders.find(&reference).await;
    receipt.map_err(|error| database_error(&error))
}

#[component]
fn Paid(receipt: Receipt) -> impl IntoView {
    view! {
        <Title text="Thank you"/>
        <section class="list">
            <h1>"Your payment is confirmed"</h1>
            <p>"Thank you. This is your order."</p>
            <OrderCard receipt/>
            <p class="actions"><a class="button quiet" href="/orders">"All your orders"</a></p>
        </section>
    }
}

#[component]
fn Confirming(reference: String) -> impl IntoView {
    view! {
        <Title text="Confirming your payment"/>
        <section class="message">
            <span class="waiting" aria-hidden="true"></span>
            <h1>"We are confirming your payment"</h1>
            <p>"This usually takes a few seconds. Your order will appear here automatically; you can leave the page open."</p>
            <p class="actions"><LookAgain reference=reference.clone()/></p>
            <ReferenceLine reference/>
        </section>
    }
}

/// Shown when no order was found in time. The payment can still exist at Kelviq, and the database can be out of reach.
#[component]
fn NotConfirmed(reference: String) -> impl IntoView {
    // The buyer is asked to quote the reference.
    #[cfg(feature = "ssr")]
    tracing::warn!(
        reference,
        "no order for a buyer who returned from the checkout"
    );
    view! {
        <Title text="Not confirmed yet"/>
        <section class="message">
            <h1>"We have no confirmation yet"</h1>
            <p>
                "Either the payment has not reached us yet, or we cannot look it up right now, or no payment was made. "
                "We cannot tell from here."
            </p>
            <ul>
                <li>"If you have paid, please do not pay again. Look again in a few minutes."</li>
                <li>
                    "If you have a receipt and still find no order here, write to " <HelpAddress/>
                    " with the reference below. Your payment is not lost, and we will find it."
                </li>
            </ul>
            <p class="actions"><LookAgain reference=reference.clone() attr:class="button"/></p>
            <ReferenceLine reference/>
        </section>
    }
}

/// A link that reloads the page. `rel="external"`, because the router ignores links to the current page.
#[component]
fn LookAgain(reference: String) -> impl IntoView {
    view! { <a href=format!("/thanks?reference={reference}") rel="external">"Look again"</a> }
}

/// The reference to quote in questions about an order.
#[component]
fn ReferenceLine(reference: String) -> impl IntoView {
    view! { <p class="reference">"Reference " <code>{reference}</code></p> }
}

#[component]
fn InvalidReference() -> impl IntoView {
    set_status(400);
    view! {
        <Title text="Which order?"/>
        <section class="message">
            <h1>"This link is not complete"</h1>
            <p>
                "It should contain the reference of an order, but it does not. If you have just paid, your order "
                "appears on the orders page once the payment is confirmed."
            </p>
            <p class="actions"><a class="button" href="/orders">"Your orders"</a></p>
        </section>
    }
}
