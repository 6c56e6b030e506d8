//! The page with the visitor's orders.

use kelviq_leptos::PortalButton;
use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    help::HelpAddress,
    icon::{Icon, LineIcon},
    order_card::OrderCard,
    response_status::set_status,
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
                Err(_) => view! { <Unavailable/> }.into_any(),
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
fn Unavailable() -> impl IntoView {
    set_status(503);
    view! {
        <div role="alert">
            <p>
                "We cannot show your orders right now. The problem is on our side and does not affect your payments: "
                "what you have paid for stays yours, so please do not pay again."
            </p>
            <p>"Try again in a few minutes. If this page stays, write to " <HelpAddress/> "."</p>
        </div>
        // `rel="external"`, because the router ignores links to the current page.
        <p class="actions"><a class="button" href="/orders" rel="external">"Try again"</a></p>
    }
}
