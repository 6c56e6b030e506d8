//! A local fake of Kelviq, for trying out the shop without an account.

use std::{io, time::Duration};

use kelviq_axum::fake::FakeKelviq;

use super::offers::CURRENCY;
use crate::plan::{DRAFT_COMMENTS, LETTERS, Plan};

/// The number of letters that the Pro and Team plans include in a month, as configured at Kelviq.
const LETTERS_INCLUDED: u32 = 10_000;

/// Starts a fake Kelviq that charges the prices on the shop's pages and delivers webhooks to the shop at `address`.
///
/// # Errors
///
/// Returns an error if the fake cannot bind a port.
pub async fn start_fake_kelviq(address: &str) -> io::Result<FakeKelviq> {
    let builder = FakeKelviq::builder()
        .webhook_url(format!("{address}/webhooks/kelviq"))
        // Delayed, so that the page that waits for the webhook can be seen.
        .delivery_delay(Duration::from_secs(2));
    let builder = Plan::ALL.into_iter().fold(builder, |builder, plan| {
        builder.price(plan.identifier(), plan.price().to_string(), CURRENCY)
    });
    [Plan::ProMonthly, Plan::TeamYearly]
        .into_iter()
        .fold(builder, |builder, plan| {
            builder.feature(plan.identifier(), DRAFT_COMMENTS).meter(
                plan.identifier(),
                LETTERS,
                LETTERS_INCLUDED,
            )
        })
        .start()
        .await
}
