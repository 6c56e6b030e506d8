//! How much of a feature the buyer wants.

use std::ops::RangeInclusive;

use leptos::prelude::*;

/// The input for a feature's quantity, for the `inputs` of a [`CheckoutButton`](crate::CheckoutButton) whose offer lets the
/// buyer choose. Attributes reach the input.
///
/// The range is for the buyer's comfort: the offer's own decides, on the server.
///
/// ```
/// # use kelviq_leptos::QuantityInput;
/// # use leptos::prelude::*;
/// # let _ = || {
/// view! { <label>"Seats " <QuantityInput feature="seats" allowed=1..=50 value=5/></label> }
/// # };
/// ```
#[component]
#[expect(
    clippy::needless_pass_by_value,
    reason = "the props of a component are owned"
)]
pub fn QuantityInput(
    /// The feature's identifier at Kelviq, as it was given to `kelviq_axum::Offer::quantity`.
    #[prop(into)]
    feature: String,
    /// The quantities that the offer allows.
    allowed: RangeInclusive<u32>,
    /// What it shows at first; the least that is allowed by default.
    #[prop(optional)]
    value: Option<u32>,
) -> impl IntoView {
    let (least, most) = allowed.into_inner();
    view! {
        <input
            type="number"
            name=format!("quantity[{feature}]")
            min=least
            max=most
            value=value.unwrap_or(least)
            required
        />
    }
}
