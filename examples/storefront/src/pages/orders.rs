//! What was fulfilled for this visitor.

use kelviq_leptos::PortalButton;
use leptos::prelude::*;
use leptos_meta::Title;

use super::order::OrderCard;
use crate::receipt::Receipt;

#[component]
pub(super) fn YourOrders() -> impl IntoView {
    let orders = Resource::new_blocking(|| (), |()| your_orders());
    let list = move || {
        Suspend::new(async move {
            match orders.await {
                Ok(orders) if orders.is_empty() => view! { <Nothing/> }.into_any(),
                Ok(orders) => view! { <List orders/> }.into_any(),
                Err(_) => view! {
                    <p role="alert">"Your orders could not be looked up. Please load the page again."</p>
                }
                .into_any(),
            }
        })
    };
    view! {
        <Title text="Your orders"/>
        <section class="list">
            <h1>"Your orders"</h1>
            <Suspense fallback=|| view! { <p>"Looking for your orders…"</p> }>{list}</Suspense>
        </section>
    }
}

/// Those of whoever asks.
#[server(endpoint = "orders")]
async fn your_orders() -> Result<Vec<Receipt>, ServerFnError> {
    use crate::server::{Orders, Visitor};

    let visitor: Visitor = leptos_axum::extract().await?;
    let axum::Extension(orders): axum::Extension<Orders> = leptos_axum::extract().await?;
    Ok(orders.of_customer(visitor.customer_id()))
}

#[component]
fn List(orders: Vec<Receipt>) -> impl IntoView {
    view! {
        {orders.into_iter().map(|receipt| view! { <OrderCard receipt/> }).collect_view()}
        <div class="billing">
            <PortalButton attr:class="button quiet">"Manage billing"</PortalButton>
            <p>"Invoices, cards and subscriptions, on Kelviq's page."</p>
        </div>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <p>
            "There is nothing here yet. An order appears as soon as its payment is confirmed, "
            "in the browser that ordered it."
        </p>
        <p class="actions"><a class="button" href="/">"See the plans"</a></p>
    }
}
