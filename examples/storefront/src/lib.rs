//! A small shop in Leptos and axum that sells through Kelviq. Its pages work without JavaScript. Once the WebAssembly
//! has been built, the browser hydrates them.
//!
//! The modules in `server/` are compiled for the server only. Everything else, mainly `pages/`, also runs in the
//! browser. A sale goes through these files:
//!
//! 1. `pages/plans.rs` shows the plans, each with a `<CheckoutButton>`.
//! 2. The button submits the name of an offer. `server/offers.rs` defines the offers and who may not buy them again.
//!    `server/customer.rs` is the buyer, and `server/order_metadata.rs` defines the metadata of the checkout. The buyer is
//!    redirected to Kelviq's checkout page. If that fails, `pages/checkout_message.rs` explains it next to the button.
//! 3. After the payment, Kelviq redirects the buyer to `/thanks?reference=…` and sends a signed event to
//!    `/webhooks/kelviq`, in either order.
//! 4. `server/webhook.rs` turns the event into an order. Until then, `pages/thanks.rs` shows "We are confirming your
//!    payment".
//!
//! Afterwards, `pages/your_plan.rs` shows what the customer has now, `server/plan_overview.rs` gets it from Kelviq, and
//! `pages/drafts.rs` is a page that needs a feature of the plan.
//!
//! A buyer is a visitor, whom `server/visitor_cookie.rs` identifies by a cookie. A visitor can have an account, which is a
//! name and an email address for the checkout: `pages/account.rs` shows it, `server/account_form.rs` receives its forms, and
//! `server/accounts.rs` keeps it. It is for demonstration: there is no password, and the account belongs to the browser.
//!
//! `server/orders.rs` keeps the orders in SQLite, or in PostgreSQL if `DATABASE_URL` names one. The same database keeps the
//! accounts, the events until they are handled, and the references of the checkouts. So nothing is lost when the process
//! ends, and several storefronts can share one PostgreSQL.

mod account;
mod day;
#[cfg(feature = "hydrate")]
mod hydrate;
mod hydration;
mod money;
mod pages;
mod plan;
mod plan_overview;
#[cfg(doctest)]
mod readme;
mod receipt;
#[cfg(feature = "ssr")]
mod server;
mod test_mode;

#[cfg(feature = "hydrate")]
pub use self::hydrate::hydrate;
#[cfg(feature = "ssr")]
pub use self::server::{
    Config, Database, DatabaseUrl, Payments, Server, Shutdown, Site, app, serve, start_fake_kelviq,
};
