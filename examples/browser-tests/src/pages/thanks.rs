//! The success page.

use kelviq_leptos::CheckoutStatus;
use leptos::prelude::*;

use super::hydration_marker::HydrationMarker;
use crate::{rendering::is_hydrated, server_functions::find_order};

#[component]
pub(super) fn Thanks() -> impl IntoView {
    view! {
        <Status/>
        <HydrationMarker page="thanks".into()/>
    }
}

#[cfg_attr(feature = "islands", island)]
#[cfg_attr(not(feature = "islands"), component)]
fn Status() -> impl IntoView {
    view! {
        <CheckoutStatus order=find_order hydrated=is_hydrated() let:order>
            <h1>"Thank you, "{order.customer}</h1>
            <dl>
                <dt>"Offer"</dt>
                <dd id="offer">{order.offer}</dd>
                <dt>"Seats"</dt>
                <dd id="seats">{order.seats}</dd>
                <dt>"Reference"</dt>
                <dd id="reference">{order.reference}</dd>
            </dl>
        </CheckoutStatus>
    }
}
