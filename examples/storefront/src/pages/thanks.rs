//! Where buyers come back to after paying: the truth about their order.
//!
//! A visit here proves no payment: the webhook does. It may come before the buyer or after, so the page waits for it.
//! The reference in the address finds the order, with or without the visitor's cookie.

use kelviq_leptos::{CheckoutStatus, use_reference};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{Help, answer_with, order::OrderCard};
use crate::receipt::Receipt;

#[component]
pub(super) fn Thanks() -> impl IntoView {
    let Some(reference) = use_reference() else {
        return view! { <NoReference/> }.into_any();
    };
    let confirming = {
        let reference = reference.clone();
        move || view! { <Confirming reference=reference.clone()/> }
    };
    let not_confirmed = move || view! { <NotConfirmed reference=reference.clone()/> };
    view! {
        <CheckoutStatus order=find_order waiting=confirming unconfirmed=not_confirmed let:receipt>
            <Paid receipt/>
        </CheckoutStatus>
    }
    .into_any()
}

/// Whoever has a reference may see its order: nobody can guess one.
#[server(endpoint = "order")]
async fn find_order(reference: String) -> Result<Option<Receipt>, ServerFnError> {
    use crate::server::Orders;

    let axum::Extension(orders): axum::Extension<Orders> = leptos_axum::extract().await?;
    Ok(orders.find(&reference))
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
            <p>"This usually takes a few seconds. Your order will appear here by itself; you can leave the page open."</p>
            <p class="actions"><LookAgain reference=reference.clone()/></p>
            <ReferenceLine reference/>
        </section>
    }
}

/// The order may also be known to Kelviq alone: this shop forgets its orders when it is restarted.
#[component]
fn NotConfirmed(reference: String) -> impl IntoView {
    view! {
        <Title text="Not confirmed yet"/>
        <section class="message">
            <h1>"We have no confirmation yet"</h1>
            <p>
                "That can mean that a payment is still on its way to us, that we lost sight of it, or that none was "
                "made: from here we cannot tell."
            </p>
            <ul>
                <li>"If you have paid, please do not pay again. Look again in a few minutes."</li>
                <li>
                    "If you have a receipt and still find no order here, write to " <Help/>
                    " with the reference below. Your payment is not lost, and we will find it."
                </li>
            </ul>
            <p class="actions"><LookAgain reference=reference.clone() attr:class="button"/></p>
            <ReferenceLine reference/>
        </section>
    }
}

/// To the address of this very page, through the server: to the router it would be no way at all.
#[component]
fn LookAgain(reference: String) -> impl IntoView {
    view! { <a href=format!("/thanks?reference={reference}") rel="external">"Look again"</a> }
}

/// What to name when asking about an order.
#[component]
fn ReferenceLine(reference: String) -> impl IntoView {
    view! { <p class="reference">"Reference " <code>{reference}</code></p> }
}

#[component]
fn NoReference() -> impl IntoView {
    answer_with(400);
    view! {
        <Title text="Which order?"/>
        <section class="message">
            <h1>"This link is not complete"</h1>
            <p>
                "It should hold the reference of an order, and it does not. If you have just paid, your order "
                "appears among your orders once the payment is confirmed."
            </p>
            <p class="actions"><a class="button" href="/orders">"Your orders"</a></p>
        </section>
    }
}
