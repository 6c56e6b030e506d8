//! The state of the router.

use axum::extract::FromRef;
use leptos::config::LeptosOptions;

use super::{buyer_access::BuyerAccess, orders::Orders};

#[derive(Clone)]
pub(super) struct AppState {
    pub(super) access: BuyerAccess,
    pub(super) orders: Orders,
    pub(super) options: LeptosOptions,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.options.clone()
    }
}
