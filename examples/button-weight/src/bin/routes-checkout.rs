//! The same server with a checkout button in each page.

use button_weight::application;
use kelviq_leptos::CheckoutButton;
use leptos::prelude::*;
use leptos_router::{
    StaticSegment,
    components::{Route, Router, Routes},
};

macro_rules! form {
    () => {
        view! { <CheckoutButton offer="pro-monthly">"Go Pro"</CheckoutButton> }
    };
}

application!();
