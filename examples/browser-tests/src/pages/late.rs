//! A page with two buttons for one offer. The second is rendered after a resource has loaded.

use kelviq_leptos::CheckoutButton;
use leptos::prelude::*;

use super::{hydration_marker::HydrationMarker, plans::BuyPro};
use crate::server_functions::find_price;

#[component]
pub(super) fn Late() -> impl IntoView {
    view! {
        <h1>"Our plan"</h1>
        <BuyNow/>
        <Offer/>
        <HydrationMarker page="late".into()/>
    }
}

#[cfg_attr(feature = "islands", island)]
#[cfg_attr(not(feature = "islands"), component)]
fn BuyNow() -> impl IntoView {
    view! { <CheckoutButton offer="pro">"Buy now"</CheckoutButton> }
}

#[cfg_attr(feature = "islands", island)]
#[cfg_attr(not(feature = "islands"), component)]
fn Offer() -> impl IntoView {
    let price = Resource::new(|| (), |()| find_price());
    view! {
        <Suspense fallback=|| "Loading…">
            {move || Suspend::new(async move {
                let price = price.await.unwrap_or_default();
                view! {
                    <p id="pro-price">{price}</p>
                    <BuyPro/>
                }
            })}
        </Suspense>
    }
}
