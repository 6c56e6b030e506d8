//! Faults that a test injects.

use std::{collections::VecDeque, time::Duration};

/// A faulty response of [`FakeKelviq`](super::FakeKelviq) to an API request, set with
/// [`inject_next`](super::FakeKelviq::inject_next) or [`inject_always`](super::FakeKelviq::inject_always).
///
/// ```
/// use kelviq_axum::fake::{FakeKelviq, Fault};
/// use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession};
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
///
/// let kelviq = FakeKelviq::start().await;
/// kelviq.inject_next(Fault::Error(422));
///
/// let plan = CheckoutPlan::new("pro", ChargePeriod::Monthly);
/// let request = CreateCheckoutSession::new(plan, "https://app.example.com/thanks");
/// let error = kelviq.client().create_checkout_session(&request).await.unwrap_err();
/// assert_eq!(error.status(), Some(422));
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// No fault: the normal response.
    #[default]
    Normal,
    /// An error status with a message in JSON; 500 if the number is not an HTTP status. The request has no effect.
    Error(u16),
    /// Status 400 with an error of this field, such as `discountCode` for a code that has expired. The request has
    /// no effect.
    InvalidField(String),
    /// Status 429 with a `Retry-After` header. The request has no effect.
    TooManyRequests {
        /// The value of `Retry-After`, truncated to seconds.
        retry_after: Duration,
    },
    /// Status 502 with an HTML page, as a proxy sends it. The request has no effect.
    Html,
    /// A 302 redirect to another path. The request has no effect.
    Redirect,
    /// The first half of the normal response, after which the connection is closed. The request takes effect.
    HalfBody,
    /// No response, while the connection stays open. The request takes effect.
    Nothing,
    /// The normal response to a request for a checkout session, with `checkoutUrl` replaced by this text. The request takes effect.
    CheckoutUrl(String),
}

/// The faults to inject.
#[derive(Default)]
pub(super) struct FaultQueue {
    next: VecDeque<Fault>,
    always: Fault,
}

impl FaultQueue {
    pub(super) fn push_next(&mut self, fault: Fault) {
        self.next.push_back(fault);
    }

    pub(super) fn set_always(&mut self, fault: Fault) {
        self.always = fault;
    }

    /// Removes and returns the fault of the next request.
    pub(super) fn take(&mut self) -> Fault {
        self.next.pop_front().unwrap_or_else(|| self.always.clone())
    }
}
