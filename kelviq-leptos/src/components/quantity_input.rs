//! An input for a quantity.

use std::ops::RangeInclusive;

use leptos::prelude::*;

/// An input for a quantity that the buyer chooses, for the `inputs` of a [`CheckoutButton`](crate::CheckoutButton).
///
/// The browser checks the range for the buyer's convenience. The server validates the quantity against the range of the
/// offer.
///
/// # Usage
///
/// ```
/// # use kelviq_leptos::QuantityInput;
/// # use leptos::prelude::*;
/// # let _ = || {
/// view! { <label>"Seats " <QuantityInput feature="seats" allowed=1..=50 value=5/></label> }
/// # };
/// ```
///
/// # Attributes
///
/// Attributes are added to the input.
///
/// # Without JavaScript
///
/// The input works without JavaScript.
///
/// # Server-side rendering
///
/// The HTML is the same in every rendering mode.
#[component]
#[expect(
    clippy::needless_pass_by_value,
    reason = "the props of a component are owned"
)]
pub fn QuantityInput(
    /// The feature's identifier at Kelviq, as in `kelviq_axum::Offer::quantity`.
    #[prop(into)]
    feature: String,
    /// The range of quantities, as in `kelviq_axum::Offer::quantity`.
    allowed: RangeInclusive<u32>,
    /// The initial quantity. Defaults to the start of the range.
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
