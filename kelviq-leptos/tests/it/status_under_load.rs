//! The success page with references that the shop does not know.

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, advance, pause, sleep};

use crate::{
    session_store::{Mode, SessionStore},
    support::{Log, TestResponse},
    thanks::{Orders, Thanks, shows_order},
};

fn invented(number: u32) -> String {
    format!("{number:032x}")
}

fn is_waiting(page: &TestResponse) -> bool {
    page.body.contains("We are confirming your payment")
        && page
            .body
            .contains(r#"<meta http-equiv="refresh" content="3">"#)
}

fn is_unconfirmed(page: &TestResponse) -> bool {
    page.body.contains("We have no confirmation yet")
        && page
            .body
            .contains(r#"<meta http-equiv="refresh" content="60">"#)
}

#[tokio::test]
async fn invented_references_do_not_push_out_a_real_one() {
    let thanks = Thanks::open(Orders::default(), |shop| shop).await;
    let real = thanks.start_checkout("cust_1").await;
    pause();
    assert!(is_waiting(&thanks.visit(&real).await));
    advance(Duration::from_secs(3)).await;
    let start = Instant::now();
    for number in 0..20_000 {
        let page = thanks.visit(&invented(number)).await;
        assert!(is_waiting(&page), "{page:?}");
        assert_eq!(thanks.orders.lookups(&invented(number)), 1);
    }
    assert_eq!(start.elapsed(), Duration::ZERO);

    // A first visit would be delayed by a second only.
    let (page, ()) = tokio::join!(thanks.visit(&real), async {
        sleep(Duration::from_secs(7)).await;
        thanks.orders.insert(&real);
    });
    assert!(shows_order(&page, &real), "{page:?}");
    assert!((7..8).contains(&start.elapsed().as_secs()));
}

#[tokio::test]
async fn invented_references_are_answered_at_once_while_500_buyers_wait() {
    let thanks = Arc::new(Thanks::open(Orders::default(), |shop| shop).await);
    let mut real = Vec::new();
    for number in 0..501 {
        real.push(thanks.start_checkout(&format!("cust_{number}")).await);
    }
    let last = real.pop().unwrap();
    pause();
    let start = Instant::now();
    let visits: Vec<_> = real
        .iter()
        .map(|reference| thanks.spawn_visit(reference))
        .collect();
    thanks.wait_for_waiting(500).await;
    for number in 0..1_000 {
        assert!(is_waiting(&thanks.visit(&invented(number)).await));
        assert_eq!(thanks.orders.lookups(&invented(number)), 1);
    }
    // Too many responses are delayed.
    assert!(is_waiting(&thanks.visit(&last).await));
    assert_eq!(start.elapsed(), Duration::ZERO);

    for reference in &real {
        thanks.orders.insert(reference);
    }
    for (visit, reference) in visits.into_iter().zip(&real) {
        assert!(shows_order(&visit.await.unwrap(), reference));
    }
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn one_reference_cannot_delay_many_responses() {
    let thanks = Arc::new(Thanks::open(Orders::default(), |shop| shop).await);
    let real = thanks.start_checkout("cust_1").await;
    pause();
    let start = Instant::now();
    let delayed: Vec<_> = (0..3).map(|_| thanks.spawn_visit(&real)).collect();
    thanks.wait_for_waiting(3).await;
    for _ in 0..600 {
        assert!(is_waiting(&thanks.visit(&real).await));
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    for visit in delayed {
        assert!(is_waiting(&visit.await.unwrap()));
    }
    assert_eq!(start.elapsed().as_secs(), 1);
    // The permits are back.
    assert!(is_waiting(&thanks.visit(&real).await));
    assert_eq!(start.elapsed().as_secs(), 2);
}

#[tokio::test]
async fn a_buyer_of_a_shop_that_was_restarted_without_a_store_gets_the_order() {
    let before = Thanks::open(Orders::default(), |shop| shop).await;
    let real = before.start_checkout("cust_1").await;
    let thanks = Thanks::open(before.orders, |shop| shop).await;
    pause();
    let start = Instant::now();
    assert!(is_waiting(&thanks.visit(&real).await));
    assert_eq!(start.elapsed(), Duration::ZERO);
    // Invented references push this one out, which then counts as new.
    for number in 0..2_000 {
        thanks.visit(&invented(number)).await;
    }
    advance(Duration::from_secs(2)).await;
    thanks.orders.insert(&real);
    advance(Duration::from_secs(1)).await;
    assert!(shows_order(&thanks.visit(&real).await, &real));
}

#[tokio::test]
async fn a_buyer_of_a_shop_that_was_restarted_without_a_store_sees_after_a_minute_that_there_is_no_confirmation()
 {
    let thanks = Thanks::open(Orders::default(), |shop| shop).await;
    pause();
    for _ in 0..20 {
        assert!(is_waiting(&thanks.visit(&invented(1)).await));
        advance(Duration::from_secs(3)).await;
    }
    assert!(is_unconfirmed(&thanks.visit(&invented(1)).await));
    advance(Duration::from_secs(58 * 60)).await;
    let page = thanks.visit(&invented(1)).await;
    assert!(!page.body.contains("http-equiv"), "{page:?}");
}

#[tokio::test]
async fn a_reference_of_another_process_is_found_in_the_store() {
    let store = SessionStore::default();
    let open = |orders| Thanks::open(orders, |shop| shop.store(store.clone()));
    let seller = open(Orders::default()).await;
    let real = seller.start_checkout("cust_1").await;
    let thanks = Arc::new(open(seller.orders).await);
    pause();
    let visit = thanks.spawn_visit(&real);
    thanks.wait_for_waiting(1).await;
    thanks.orders.insert(&real);
    assert!(shows_order(&visit.await.unwrap(), &real));
}

#[tokio::test]
async fn a_reference_that_is_not_in_the_store_is_unconfirmed_unless_there_is_an_order() {
    let store = SessionStore::default();
    let thanks = Thanks::open(Orders::default(), |shop| shop.store(store)).await;
    pause();
    let start = Instant::now();
    assert!(is_unconfirmed(&thanks.visit(&invented(1)).await));
    assert_eq!(thanks.orders.lookups(&invented(1)), 1);
    // Such as an order that is older than the rows of the store.
    thanks.orders.insert(&invented(1));
    let page = thanks.visit(&invented(1)).await;
    assert!(shows_order(&page, &invented(1)));
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn a_store_that_fails_or_hangs_does_not_stop_a_buyer() {
    for (mode, seconds) in [(Mode::Fails, 0), (Mode::Hangs, 1)] {
        let store = SessionStore::default();
        let thanks = Thanks::open(Orders::default(), |shop| shop.store(store.clone())).await;
        let (log, _guard) = Log::record();
        store.set_mode(mode);
        pause();
        let start = Instant::now();
        assert!(is_waiting(&thanks.visit(&invented(1)).await));
        assert_eq!(start.elapsed().as_secs(), seconds);
        assert_eq!(thanks.orders.lookups(&invented(1)), 1);
        assert!(log.has_line("could not be read from the store", &invented(1)));
        thanks.orders.insert(&invented(1));
        advance(Duration::from_secs(3)).await;
        assert!(shows_order(&thanks.visit(&invented(1)).await, &invented(1)));
        tokio::time::resume();
    }
}
