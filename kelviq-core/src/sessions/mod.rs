//! Checkout sessions after they were created: their state, their list, and their timeline.

mod details;
mod list;
mod page;
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
