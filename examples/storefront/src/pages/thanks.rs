//! The page that buyers return to after paying.
//!
//! A visit does not prove a payment; only the webhook does. It can arrive before or after the buyer, so the page waits
//! for it. The order is found by the reference in the URL, so the visitor's cookie is not needed.

use kelviq_leptos::{CheckoutStatus, use_reference};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    help::HelpAddress,
    icon::{Icon, LineIcon},
    message::Message,
    order_card::OrderCard,
    response_status::set_status,
};
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
    use crate::server::{orders::Orders, server_error::server_error};

    let axum::Extension(orders): axum::Extension<Orders> = leptos_axum::extract().await?;
    let receipt = orders.find(&reference).await;
    receipt.map_err(|error| server_error("the orders could not be read", &error))
}

#[component]
fn Paid(receipt: Receipt) -> impl IntoView {
    let (icon, text) = match receipt.review {
        None => (
            Icon::Check,
            "Your payment is confirmed. This is your order.",
        ),
        Some(_) => (
            Icon::Receipt,
            "We have your payment, but this order needs a second look.",
        ),
    };
    view! {
        <Title text="Thank you"/>
        <section class="list">
            <div class="lead">
                <p class="disc"><LineIcon icon/></p>
                <h1>"Thank you"</h1>
                <p>{text}</p>
            </div>
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
        <Message icon=Icon::Clock heading="We have no confirmation yet">
            <p>
                <strong>"If you have paid, please do not pay again."</strong>
                " Your payment may still be on its way to us, or we cannot look it up right now. If you have not paid, "
                "there is nothing to confirm."
            </p>
            <p>
                "Every confirmed order is on " <a href="/orders">"the orders page"</a>
                ". Look again in a few minutes."
            </p>
            <p>
                "Do you have a receipt, but no order? Then write to " <HelpAddress/>
                " with the reference below. Your payment is not lost, and we will find it."
            </p>
            <p class="actions"><LookAgain reference=reference.clone() attr:class="button"/></p>
            <ReferenceLine reference/>
        </Message>
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
        <Message icon=Icon::Receipt heading="Part of this link is missing">
            <p>
                "A link to an order ends with its reference, and this one has none that we can read. It may have been "
                "cut off when it was copied."
            </p>
            <p>
                "If you have just paid, please do not pay again: your order appears on the orders page once the payment "
                "is confirmed."
            </p>
            <p class="actions">
                <a class="button" href="/orders">"Your orders"</a>
                <a class="button quiet" href="/">"See the plans"</a>
            </p>
        </Message>
    }
}
