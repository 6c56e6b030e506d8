//! The pages. They are rendered on the server and hydrated in the browser, so both must produce the same views.

#![expect(
    unreachable_pub,
    reason = "the component macro generates a hidden `pub` function for each component"
)]

mod account;
pub(crate) mod app;
mod cancelled;
mod checkout_message;
mod drafts;
mod help;
pub(crate) mod icon;
pub(crate) mod layout;
pub(crate) mod message;
mod not_found;
mod order_card;
mod orders;
mod plans;
mod response_status;
mod see_your_plan;
mod thanks;
mod unavailable;
mod your_plan;
