//! A page whose button waits for data.

use leptos::prelude::*;

use super::{plans::BuyPro, ready::Ready};
use crate::shop::find_price;

#[component]
pub(super) fn Late() -> impl IntoView {
    view! {
        <h1>"Our plan"</h1>
        <Offer/>
        <Ready page="late".into()/>
    }
}

#[cfg_attr(feature = "islands", island)]
#[cfg_attr(not(feature = "islands"), component)]
fn Offer() -> impl IntoView {
    let price = Resource::new(|| (), |()| find_price());
    view! {
        <Suspense fallback=|| "One moment …">
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
