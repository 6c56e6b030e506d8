//! Where buyers come back to after paying: the truth about their order.
//!
//! A visit here proves no payment: the webhook does. It may come before the buyer or after, so the page waits for it,
//! by loading itself again. The reference in the address finds the order, with or without the visitor's cookie.

use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_query_map;

use super::order::OrderCard;
use crate::orders::{Order, Orders};

const SECONDS_BETWEEN_LOOKS: u32 = 2;
/// About a minute.
const LOOKS: u32 = 30;

#[component]
pub(super) fn Thanks() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let Some(reference) = query.get("reference").filter(|text| is_reference(text)) else {
        return view! { <NoReference/> }.into_any();
    };
    if let Some(order) = expect_context::<Orders>().find(&reference) {
        return view! { <Paid order/> }.into_any();
    }
    let attempt = query
        .get("attempt")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    if attempt < LOOKS {
        view! { <Confirming reference attempt/> }.into_any()
    } else {
        view! { <NotConfirmed reference/> }.into_any()
    }
}

/// Whether the text could be a reference, and can stand in an address as it is.
fn is_reference(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
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
fn Confirming(reference: String, attempt: u32) -> impl IntoView {
    let again = format!("/thanks?reference={reference}&attempt={}", attempt + 1);
    view! {
        <Title text="Confirming your payment"/>
        <Meta http_equiv="refresh" content=format!("{SECONDS_BETWEEN_LOOKS};url={again}")/>
        <section class="message">
            <span class="waiting" aria-hidden="true"></span>
            <h1>"We are confirming your payment"</h1>
            <p>"This usually takes a few seconds. The page looks again by itself; you can leave it open."</p>
            <p class="actions"><a href=again>"Look again now"</a></p>
            <Reference reference/>
        </section>
    }
}

#[component]
fn NotConfirmed(reference: String) -> impl IntoView {
    let again = format!("/thanks?reference={reference}");
    view! {
        <Title text="Not confirmed yet"/>
        <section class="message">
            <h1>"We have no confirmation yet"</h1>
            <p>
                "That can mean that the payment is still on its way to us, or that none was made: "
                "from here we cannot tell."
            </p>
            <ul>
                <li>
                    "If you have paid, please do not pay again. Your order will appear on this page as soon as we "
                    "hear of it, and under " <a href="/orders">"Your orders"</a> "."
                </li>
                <li>
                    "If you got a receipt and there is no order within an hour, write to us with the reference below."
                </li>
            </ul>
            <p class="actions"><a class="button" href=again>"Look again"</a></p>
            <Reference reference/>
        </section>
    }
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

#[component]
fn Reference(reference: String) -> impl IntoView {
    view! { <p class="reference">"Reference " <code>{reference}</code></p> }
}
