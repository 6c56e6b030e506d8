//! Checkout sessions after their creation: their state, their list, and their timeline.

mod checkout_session_event;
mod details;
mod list;
mod retrieve;
mod timeline;

pub use self::{
    checkout_session_event::checkout_session_event,
    details::{
        CheckoutSessionDetails, SessionCustomer, SessionOrder, SessionPaymentMethod,
        SessionProduct, SessionSubscription,
    },
    list::ListCheckoutSessions,
    timeline::{TimelineEvent, TimelineStatus},
};
