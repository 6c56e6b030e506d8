//! Where buyers come back to after paying: the truth about their order.
//!
//! A visit here proves no payment: the webhook does. It may come before the buyer or after, so the page waits for it.
//! The reference in the address finds the order, with or without the visitor's cookie.
//!
//! How it waits, without JavaScript: the page asks the browser to load it again, and the server holds that second
//! request back until there is news. Meanwhile the buyer keeps the page that is shown, so whoever reads it with a screen
//! reader or moves through it by keyboard loses the place when the order has come, or a few times in a minute, rather
//! than every other second. The address stays the same, so that Back leads out of the page and not through its past.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header::REFRESH};
use kelviq_axum::Reference;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{Help, ReferenceLine, order::OrderCard};
use crate::{
    orders::{Order, Orders},
    returns::Returns,
};

/// The webhook is often only a moment behind the buyer. More would look like a page that hangs.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// How long the server holds a page back that the browser loads again by itself.
const NEXT_WAIT: Duration = Duration::from_secs(20);
/// Seconds until the browser loads the page again: time for it to be seen, and for a screen reader to begin.
const REFRESH_AFTER: HeaderValue = HeaderValue::from_static("3");
/// When the page gives up.
const PATIENCE: Duration = Duration::from_secs(60);

#[component]
pub(super) fn Thanks() -> impl IntoView {
    let reference = use_query_map().with_untracked(|query| query.get(Reference::PARAMETER));
    match reference.and_then(|text| text.parse().ok()) {
        Some(reference) => {
            view! { <Suspense>{Suspend::new(look(reference))}</Suspense> }.into_any()
        }
        None => view! { <NoReference/> }.into_any(),
    }
}

async fn look(reference: Reference) -> AnyView {
    let (orders, response) = (
        expect_context::<Orders>(),
        expect_context::<ResponseOptions>(),
    );
    let since_first = expect_context::<Returns>().since_first(&reference);
    let wait = match since_first {
        Some(Duration::ZERO) => FIRST_WAIT,
        Some(time) => NEXT_WAIT.min(PATIENCE.saturating_sub(time)),
        None => Duration::ZERO,
    };
    if let Some(order) = orders.wait_for(reference.as_str(), wait).await {
        return view! { <Paid order/> }.into_any();
    }
    if since_first.is_some_and(|time| time + wait < PATIENCE) {
        response.insert_header(REFRESH, REFRESH_AFTER);
        view! { <Confirming reference/> }.into_any()
    } else {
        view! { <NotConfirmed reference/> }.into_any()
    }
}

#[component]
fn Paid(order: Order) -> impl IntoView {
    view! {
        <Title text="Thank you"/>
        <section class="list">
            <h1>"Your payment is confirmed"</h1>
            <p>"Thank you. This is your order."</p>
            <OrderCard order/>
            <p class="actions"><a class="button quiet" href="/orders">"All your orders"</a></p>
        </section>
    }
}

#[component]
fn Confirming(reference: Reference) -> impl IntoView {
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
fn NotConfirmed(reference: Reference) -> impl IntoView {
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

/// To the address of this very page.
#[component]
fn LookAgain(reference: Reference) -> impl IntoView {
    let address = format!("/thanks?{}={reference}", Reference::PARAMETER);
    view! { <a href=address>"Look again"</a> }
}

#[component]
fn NoReference() -> impl IntoView {
    expect_context::<ResponseOptions>().set_status(StatusCode::BAD_REQUEST);
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
