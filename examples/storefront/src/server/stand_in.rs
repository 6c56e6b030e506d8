//! The local stand-in for Kelviq, with which the shop can be tried.

use std::{io, time::Duration};

use kelviq_axum::fake::FakeKelviq;

use super::offers::CURRENCY;
use crate::plan::Plan;

/// Starts a stand-in that charges what the shop's pages say, and reports payments to the shop at `address`.
///
/// # Errors
///
/// When it cannot listen.
pub async fn stand_in(address: &str) -> io::Result<FakeKelviq> {
    let builder = FakeKelviq::builder()
        .webhook_url(format!("{address}/webhooks/kelviq"))
        // Late, so that one sees the shop wait for it, as it will have to wait for Kelviq.
        .delivery_delay(Duration::from_secs(2));
    Plan::ALL
        .into_iter()
        .fold(builder, |builder, plan| {
            builder.price(plan.identifier(), plan.price().to_string(), CURRENCY)
        })
        .start()
        .await
}
