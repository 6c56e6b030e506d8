//! A success page with other asynchronous parts around and inside of the status.

use kelviq_leptos::CheckoutStatus;
use leptos::prelude::*;

use super::hydration_marker::HydrationMarker;
use crate::{
    rendering::is_hydrated,
    server_functions::{find_order, find_price},
};

#[component]
pub(super) fn Crowded() -> impl IntoView {
    view! {
        <Parts/>
        <HydrationMarker page="crowded".into()/>
    }
}

/// The prices are requested by the browser in `#local`, and by the server elsewhere.
#[cfg_attr(feature = "islands", island)]
#[cfg_attr(not(feature = "islands"), component)]
fn Parts() -> impl IntoView {
    let local = LocalResource::new(find_price);
    let before = Resource::new(|| (), |()| find_price());
    let after = Resource::new(|| (), |()| find_price());
    let show = move |price: Option<Result<String, ServerFnError>>| price.and_then(Result::ok);
    view! {
        <Suspense>
            <p id="before">{move || show(before.get())}</p>
        </Suspense>
        <Await future=find_price() let:price>
            <p id="awaited">{price.clone().ok()}</p>
            <div id="inside"><Status/></div>
        </Await>
        <div id="beside"><Status/></div>
        <p id="local">{move || show(local.get())}</p>
        <Suspense fallback=|| "Loading…">
            <p id="local-in-suspense">{move || show(local.get())}</p>
        </Suspense>
        <Transition>
            {move || Suspend::new(async move {
                view! { <p id="after">{show(Some(after.await))}</p> }
            })}
        </Transition>
    }
}

#[component]
fn Status() -> impl IntoView {
    view! {
        <CheckoutStatus order=find_order hydrated=is_hydrated() let:order>
            <h1>"Thank you"</h1>
            <p>{order.reference}</p>
        </CheckoutStatus>
    }
}
