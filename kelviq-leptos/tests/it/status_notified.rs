//! The success page of an application that notifies it.

use std::{sync::Arc, time::Duration};

use kelviq_axum::Webhooks;
use tokio::{
    sync::oneshot,
    task::{JoinHandle, yield_now},
    time::{Instant, advance, pause, sleep},
};

use crate::{
    session_store::{Mode, SessionStore},
    support::Log,
    thanks::{Orders, Thanks, deliver, shows_order, verified},
};

/// Runs the webhooks until the sender is dropped. Pages are notified when this returns.
async fn run(webhooks: &Webhooks<SessionStore>) -> (oneshot::Sender<()>, JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel::<()>();
    let webhooks = webhooks.clone();
    let task = tokio::spawn(webhooks.run(async { drop(stopped.await) }));
    for _ in 0..10 {
        yield_now().await;
    }
    (stop, task)
}

async fn open(store: &SessionStore) -> Arc<Thanks> {
    let settings = |shop: kelviq_axum::Shop| shop.store(store.clone());
    Arc::new(Thanks::open(Orders::default(), settings).await)
}

/// Opens the page as a browser without JavaScript does, and returns after its first load.
async fn first_visit(thanks: &Thanks, reference: &str) {
    let page = thanks.visit(reference).await;
    assert!(!shows_order(&page, reference));
    advance(Duration::from_secs(3)).await;
}

#[tokio::test]
async fn a_page_looks_up_the_order_again_when_its_event_was_handled() {
    let store = SessionStore::default();
    let thanks = open(&store).await;
    let webhooks = thanks.webhooks(store);
    let reference = thanks.start_checkout("cust_1").await;
    pause();
    let (_stop, _running) = run(&webhooks).await;
    first_visit(&thanks, &reference).await;
    // At the start and at the end of the delay.
    assert_eq!(thanks.orders.lookups(&reference), 2);

    let start = Instant::now();
    let visit = thanks.spawn_visit(&reference);
    sleep(Duration::from_secs(5)).await;
    assert_eq!(thanks.orders.lookups(&reference), 3);
    deliver(&thanks.pay(), &webhooks).await;
    assert!(shows_order(&visit.await.unwrap(), &reference));
    assert_eq!(start.elapsed().as_secs(), 5);
    assert_eq!(thanks.orders.lookups(&reference), 4);
    thanks.wait_for_waiting(0).await;
}

#[tokio::test]
async fn the_events_of_others_do_not_cause_a_lookup() {
    let store = SessionStore::default();
    let thanks = open(&store).await;
    let webhooks = thanks.webhooks(store);
    let reference = thanks.start_checkout("cust_1").await;
    let other = thanks.start_checkout("cust_2").await;
    let payment = thanks.pay();
    pause();
    let (_stop, _running) = run(&webhooks).await;
    first_visit(&thanks, &reference).await;
    let visit = thanks.spawn_visit(&reference);
    sleep(Duration::from_secs(5)).await;
    deliver(&payment, &webhooks).await;
    assert!(!shows_order(&visit.await.unwrap(), &reference));
    assert_eq!(thanks.orders.lookups(&reference), 4);
    assert!(shows_order(&thanks.visit(&other).await, &other));
}

#[tokio::test]
async fn an_event_that_is_handled_during_the_first_lookup_is_not_missed() {
    let store = SessionStore::default();
    let thanks = open(&store).await;
    let webhooks = thanks.webhooks(store);
    let reference = thanks.start_checkout("cust_1").await;
    pause();
    let (_stop, _running) = run(&webhooks).await;
    first_visit(&thanks, &reference).await;
    let before = thanks.orders.lookups(&reference);
    let start = Instant::now();
    let lookup = thanks.orders.delay_next_lookup();
    let visit = thanks.spawn_visit(&reference);
    thanks.orders.wait_for_lookups(&reference, before + 1).await;
    deliver(&thanks.pay(), &webhooks).await;
    drop(lookup);
    assert!(shows_order(&visit.await.unwrap(), &reference));
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(thanks.orders.lookups(&reference), before + 2);
}

#[tokio::test]
async fn an_order_that_comes_after_the_notification_is_found_by_polling() {
    let store = SessionStore::default();
    let thanks = open(&store).await;
    let webhooks = thanks.webhooks(store);
    let reference = thanks.start_checkout("cust_1").await;
    let event = verified(&thanks.pay(), &thanks);
    pause();
    let (_stop, _running) = run(&webhooks).await;
    first_visit(&thanks, &reference).await;
    let start = Instant::now();
    let visit = thanks.spawn_visit(&reference);
    thanks.orders.wait_for_lookups(&reference, 3).await;
    thanks.shop.event_handled(&event).await;
    sleep(Duration::from_secs(1)).await;
    thanks.orders.insert(&reference);
    assert!(shows_order(&visit.await.unwrap(), &reference));
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_page_is_notified_by_the_handler_of_a_plain_route() {
    let thanks = Arc::new(Thanks::open(Orders::default(), |shop| shop).await);
    let reference = thanks.start_checkout("cust_1").await;
    let event = verified(&thanks.pay(), &thanks);
    pause();
    first_visit(&thanks, &reference).await;
    let before = thanks.orders.lookups(&reference);
    let start = Instant::now();
    let visit = thanks.spawn_visit(&reference);
    thanks.orders.wait_for_lookups(&reference, before + 1).await;
    thanks.orders.insert(&reference);
    thanks.shop.event_handled(&event).await;
    assert!(shows_order(&visit.await.unwrap(), &reference));
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn a_page_whose_client_has_gone_away_does_not_wait() {
    let store = SessionStore::default();
    let thanks = open(&store).await;
    let webhooks = thanks.webhooks(store);
    let reference = thanks.start_checkout("cust_1").await;
    pause();
    let (_stop, _running) = run(&webhooks).await;
    first_visit(&thanks, &reference).await;
    let start = Instant::now();
    let visit = thanks.spawn_visit(&reference);
    thanks.orders.wait_for_lookups(&reference, 3).await;
    thanks.wait_for_waiting(1).await;
    visit.abort();
    assert!(visit.await.unwrap_err().is_cancelled());
    thanks.wait_for_waiting(0).await;
    assert_eq!(start.elapsed(), Duration::ZERO);
    sleep(Duration::from_secs(10)).await;
    assert_eq!(thanks.orders.lookups(&reference), 3);
}

#[tokio::test]
async fn a_page_polls_when_the_notifications_end() {
    let store = SessionStore::default();
    let thanks = open(&store).await;
    let webhooks = thanks.webhooks(store);
    let reference = thanks.start_checkout("cust_1").await;
    pause();
    let (stop, running) = run(&webhooks).await;
    first_visit(&thanks, &reference).await;
    let start = Instant::now();
    let visit = thanks.spawn_visit(&reference);
    thanks.orders.wait_for_lookups(&reference, 3).await;
    drop(stop);
    running.await.unwrap();
    sleep(Duration::from_secs(2)).await;
    thanks.orders.insert(&reference);
    assert!(shows_order(&visit.await.unwrap(), &reference));
    assert!(start.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_page_polls_while_the_store_does_not_notify() {
    let store = SessionStore::default();
    let thanks = open(&store).await;
    let webhooks = thanks.webhooks(store.clone());
    let reference = thanks.start_checkout("cust_1").await;
    let other = thanks.start_checkout("cust_2").await;
    let (log, _guard) = Log::record();
    store.set_mode(Mode::Fails);
    pause();
    let (_stop, _running) = run(&webhooks).await;
    first_visit(&thanks, &reference).await;
    assert_eq!(thanks.orders.lookups(&reference), 3);
    sleep(Duration::from_secs(60)).await;
    let warnings = log.text().matches("does not notify success pages").count();
    assert_eq!(warnings, 1);

    store.set_mode(Mode::Works);
    sleep(Duration::from_secs(5)).await;
    first_visit(&thanks, &other).await;
    assert_eq!(thanks.orders.lookups(&other), 2);
}
