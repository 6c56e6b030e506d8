//! Subscriptions: their states, their events, and the routes below `/subscriptions/`.

pub(super) mod api;
pub(super) mod cancellation;
pub(super) mod charge_period;
pub(super) mod events;
pub(super) mod fake_subscription;
pub(super) mod records;
pub(super) mod subscription;
