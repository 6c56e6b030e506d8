//! The page with every button. Each button is a component, or an island in islands mode.

use kelviq_leptos::{CheckoutButton, CheckoutForm, PortalButton, QuantityInput};
use leptos::prelude::*;

use super::hydration_marker::HydrationMarker;
use crate::server_functions::BuySeats;

#[component]
pub(super) fn Plans() -> impl IntoView {
    view! {
        <h1>"Plans"</h1>
        <p id="pro-price">"29.00 USD each month"</p>
        <BuyPro/>
        <BuyTeam/>
        <BuyWithdrawn/>
        <BuySeatsForm/>
        <Billing/>
        <p><a href="/">"Back to the start"</a></p>
        <HydrationMarker page="plans".into()/>
    }
}

#[cfg_attr(feature = "islands", island)]
#[cfg_attr(not(feature = "islands"), component)]
pub(super) fn BuyPro() -> impl IntoView {
    view! {
        <CheckoutButton
            offer="pro"
            attr:class="primary"
            attr:id="go-pro"
            attr:style="color: rgb(1, 2, 3)"
            attr:data-plan="pro"
            attr:aria-describedby="pro-price"
        >
            "Go Pro"
        </CheckoutButton>
    }
}

/// The input allows more seats than the offer, to test the validation on the server.
#[cfg_attr(feature = "islands", island)]
#[cfg_attr(not(feature = "islands"), component)]
fn BuyTeam() -> impl IntoView {
    view! {
        <CheckoutButton
            offer="team"
            inputs=|| view! { <label>"Team seats " <QuantityInput feature="seats" allowed=1..=99 value=5/></label> }
        >
            "Buy Team"
        </CheckoutButton>
    }
}

/// An offer that does not exist on the server.
#[cfg_attr(feature = "islands", island)]
#[cfg_attr(not(feature = "islands"), component)]
fn BuyWithdrawn() -> impl IntoView {
    view! { <CheckoutButton offer="withdrawn">"Buy Withdrawn"</CheckoutButton> }
}

#[cfg_attr(feature = "islands", island)]
#[cfg_attr(not(feature = "islands"), component)]
fn BuySeatsForm() -> impl IntoView {
    let buy_seats = ServerAction::<BuySeats>::new();
    view! {
        <CheckoutForm action=buy_seats name="seats">
            <label>"Extra seats " <input name="seats" type="number" value="3" required/></label>
            <button>"Buy Seats"</button>
        </CheckoutForm>
    }
}

#[cfg_attr(feature = "islands", island)]
#[cfg_attr(not(feature = "islands"), component)]
fn Billing() -> impl IntoView {
    view! { <PortalButton>"Manage billing"</PortalButton> }
}
