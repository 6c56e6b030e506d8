//! Checkout sessions after their creation: their state, their list, and their timeline.

mod details;
mod list;
mod pagination;
mod retrieve;
mod timeline;

pub use self::{
    details::{
        CheckoutSessionDetails, SessionCustomer, SessionOrder, SessionPaymentMethod,
        SessionProduct, SessionSubscription,
    },
    list::ListCheckoutSessions,
    timeline::{TimelineEvent, TimelineStatus},
};
