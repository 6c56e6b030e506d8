//! The state of a checkout.

use kelviq_core::CheckoutSessionDetails;

/// The state of a checkout.
///
/// ```
/// use kelviq_axum::CheckoutState;
///
/// fn message(state: &CheckoutState) -> String {
///     match state {
///         CheckoutState::Paid(session) => match session.order.as_ref().and_then(|order| order.id.as_ref()) {
///             Some(order) => format!("Thank you! Your order is {order}."),
///             None => "Thank you!".into(),
///         },
///         CheckoutState::Closed => "Nothing was paid.".into(),
///         CheckoutState::Pending | CheckoutState::Unknown => "We are looking for your payment.".into(),
///         _ => "Please come back later.".into(),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CheckoutState {
    /// Kelviq reports the checkout as paid.
    Paid(Box<CheckoutSessionDetails>),
    /// The checkout is not paid yet, or Kelviq did not respond in time. The page should check again.
    Pending,
    /// The checkout was closed or has expired. It cannot be paid any more.
    Closed,
    /// The checkout is neither in this process nor in the [store](crate::Shop::store), or Kelviq does not have its session.
    /// Without a store, a checkout is also unknown after a restart, in other replicas, and after 100,000 others.
    Unknown,
}
