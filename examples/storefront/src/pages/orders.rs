//! The page with the visitor's orders.

use kelviq_leptos::PortalButton;
use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    icon::{Icon, LineIcon},
    order_card::OrderCard,
    unavailable::Unavailable,
};
use crate::receipt::Receipt;

#[component]
pub(super) fn YourOrders() -> impl IntoView {
    let orders = Resource::new_blocking(|| (), |()| your_orders());
    let list = move || {
        Suspend::new(async move {
            match orders.await {
                Ok(orders) if orders.is_empty() => view! { <NoOrders/> }.into_any(),
                Ok(orders) => view! { <OrderList orders/> }.into_any(),
                Err(_) => view! { <OrdersUnavailable/> }.into_any(),
            }
        })
    };
    view! {
        <Title text="Your orders"/>
        <section class="list">
            <h1>"Your orders"</h1>
            <Suspense fallback=|| view! { <p>"Loading your orders…"</p> }>{list}</Suspense>
        </section>
    }
}

/// Returns the orders of the visitor who sent the request.
#[server(endpoint = "orders")]
async fn your_orders() -> Result<Vec<Receipt>, ServerFnError> {
    use crate::server::{orders::Orders, server_error::server_error, visitor::Visitor};

    let visitor: Visitor = leptos_axum::extract().await?;
    let axum::Extension(orders): axum::Extension<Orders> = leptos_axum::extract().await?;
    let receipts = orders.of_customer(visitor.customer_id()).await;
    receipts.map_err(|error| server_error("the orders could not be read", &error))
}

#[component]
fn OrderList(orders: Vec<Receipt>) -> impl IntoView {
    view! {
        {orders.into_iter().map(|receipt| view! { <OrderCard receipt/> }).collect_view()}
        <div class="billing">
            <PortalButton attr:class="button quiet">"Manage billing"</PortalButton>
            <p>"Invoices, cards and subscriptions, on Kelviq's page."</p>
        </div>
    }
}

#[component]
fn NoOrders() -> impl IntoView {
    view! {
        <div class="empty">
            <p class="disc"><LineIcon icon=Icon::Receipt/></p>
            <p>
                <strong>"There is nothing here yet."</strong>
                " An order appears as soon as its payment is confirmed, in the browser you ordered with."
            </p>
            <p class="actions"><a class="button" href="/">"See the plans"</a></p>
        </div>
    }
}

/// Shown when the orders cannot be read.
#[component]
fn OrdersUnavailable() -> impl IntoView {
    let text = "We cannot show your orders right now. The problem is on our side and does not affect your payments: \
        what you have paid for stays yours, so please do not pay again.";
    view! { <Unavailable page="/orders" text/> }
}
