//! The server's side: what the layer provides, and what the server functions do with it.

mod answer;
mod checkout;
mod layer;
mod page;
mod plain;
mod sell;
mod seller;
mod status;
mod visits;

pub use self::{
    checkout::{Checkout, CheckoutBuilder, checkout},
    layer::{CheckoutLayer, CheckoutService},
};
pub(crate) use self::{
    page::{check_offer, error_of_page, form_action, page, reference_of_page},
    sell::{open_portal, sell_offer},
    status::first_look,
};
