//! Deliveries of events: genuine ones, duplicates, and forged ones.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant, SystemTime},
};

use kelviq_axum::fake::FakeEvent;
use kelviq_core::WebhookSecret;
use reqwest::RequestBuilder;
use serde_json::Value;
use tokio::time::sleep;

use crate::{
    expected::GIVEN_UP,
    page::kind,
    random::Random,
    world::{WEBHOOKS, World},
};

/// Pause before each of the retries of a delivery.
const RETRY_INTERVAL: Duration = Duration::from_mins(1);

/// Number of retries. Afterwards, only the storefront's reconciliation can find the event.
const RETRIES: usize = 3;

/// Delivers the events of a paid session as Kelviq does: with retries, and some repeatedly, late or in another order.
pub(crate) fn announce(world: &Arc<World>, session_id: &str, mut random: Random) {
    let payment = world.kelviq.pay(session_id);
    world.set_latest_event(payment.clone());
    let mut events = vec![payment.clone()];
    if let Some(customer_id) = customer_id(&payment) {
        let subscriptions = world.kelviq.subscriptions(&customer_id);
        let recurring = subscriptions
            .iter()
            .filter(|subscription| subscription.period_end.is_some());
        events.extend(
            recurring.map(|subscription| world.kelviq.subscription_created(&subscription.id)),
        );
    }
    for event in events {
        let delay = match random.below(10) {
            0..6 => Duration::ZERO,
            6..9 => random.millis(100, 3000),
            _ => random.millis(3000, 30_000),
        };
        spawn(world, event.clone(), delay, RETRIES);
        for _ in 0..random.below(3) {
            let delay = match random.below(10) {
                0..4 => delay,
                4..8 => delay + random.millis(1, 10_000),
                _ => delay + world.duration().mul_f64(0.08) + random.millis(1, 10_000),
            };
            let event = if random.percent(15) {
                event.again_as_new_event()
            } else {
                event.clone()
            };
            spawn(world, event, delay, 0);
        }
    }
}

fn spawn(world: &Arc<World>, event: FakeEvent, delay: Duration, retries: usize) {
    let world = Arc::clone(world);
    world.deliveries_pending.fetch_add(1, Ordering::SeqCst);
    tokio::spawn(async move {
        sleep(delay).await;
        deliver(&world, &event, retries).await;
        world.deliveries_pending.fetch_sub(1, Ordering::SeqCst);
    });
}

async fn deliver(world: &World, event: &FakeEvent, retries: usize) {
    for attempt in 0..=retries {
        if attempt > 0 {
            sleep(RETRY_INTERVAL).await;
        }
        let began = Instant::now();
        let response = send(world, event, event.as_json()).await;
        let is_success = response == "200";
        let down = world.outages.since(began);
        world.counts.deliveries.add_during(down, response);
        if is_success {
            return;
        }
    }
    if retries > 0 {
        world.counts.deliveries.add(GIVEN_UP);
    }
}

/// Sends a signed event with this body. Returns the status of the response, or the kind of the error.
async fn send(world: &World, event: &FakeEvent, body: &str) -> String {
    let (parts, _) = event.request(WEBHOOKS).into_parts();
    let request = world
        .client
        .post(format!("{}{WEBHOOKS}", world.shop))
        .headers(parts.headers)
        .body(body.to_owned());
    outcome(request).await
}

/// Returns the status of the response, or the kind of the error.
async fn outcome(request: RequestBuilder) -> String {
    match request.send().await {
        Ok(response) => response.status().as_u16().to_string(),
        Err(error) => kind(&error).to_owned(),
    }
}

/// Returns the application's id of the customer in a `checkout.completed`.
fn customer_id(payment: &FakeEvent) -> Option<String> {
    let event: Value = serde_json::from_str(payment.as_json()).ok()?;
    let id = event["data"]["object"]["customer"]["customer_id"].as_str()?;
    Some(id.to_owned())
}

/// Makes deliveries that must be refused, until the end: wrongly signed, changed, unsigned and stale ones.
pub(crate) async fn forge(world: Arc<World>, other: WebhookSecret, mut random: Random) {
    const HOUR: Duration = Duration::from_hours(1);
    while world.sleep(random.millis(100, 900)).await {
        let Some(event) = world.latest_event() else {
            continue;
        };
        let now = SystemTime::now();
        let began = Instant::now();
        let (name, response) = match random.below(5) {
            0 => {
                let event = event.signed_with(other.clone());
                (
                    "another secret",
                    send(&world, &event, event.as_json()).await,
                )
            }
            1 => {
                // The payment of a session that does not exist.
                let forged = format!("\"cs_forged_{}", random.next());
                let body = event.as_json().replace("\"cs_", &forged);
                ("changed", send(&world, &event, &body).await)
            }
            2 => {
                let event = event.signed_at(now - HOUR);
                ("an hour old", send(&world, &event, event.as_json()).await)
            }
            3 => {
                let event = event.signed_at(now + HOUR);
                (
                    "from the future",
                    send(&world, &event, event.as_json()).await,
                )
            }
            _ => {
                let request = world.client.post(format!("{}{WEBHOOKS}", world.shop));
                let request = request.body(event.as_json().to_owned());
                ("unsigned", outcome(request).await)
            }
        };
        let down = world.outages.since(began);
        let counter = format!("{name}: {response}");
        world.counts.forged.add_during(down, counter);
    }
}
