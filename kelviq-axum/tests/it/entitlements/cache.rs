//! Cached entitlements, and the stale ones while Kelviq is unavailable.

use std::error::Error;

use kelviq_axum::{CheckoutProblem, Shop, kelviq_core};
use kelviq_core::ErrorKind;
use tokio::time::{Instant, pause, resume};

use super::upstream::{Reply, Upstream, pass, secs};
use crate::support::log::Log;

const PERSON: &str = "alice@example.com";

async fn has(shop: &Shop, feature: &str) -> bool {
    shop.entitlements(PERSON).await.unwrap().has(feature)
}

#[tokio::test]
async fn a_result_is_used_for_a_minute() {
    let kelviq = Upstream::start().await;
    let shop = kelviq.shop();
    kelviq.grant(&["analytics"]);
    assert!(has(&shop, "analytics").await && !has(&shop, "export").await);
    kelviq.grant(&["export"]);
    pass(secs(59)).await;
    assert!(has(&shop, "analytics").await);
    assert_eq!(kelviq.requests(), 1);
    pass(secs(1)).await;
    // A clone has the same cache.
    assert!(has(&shop.clone(), "export").await && !has(&shop, "analytics").await);
    assert_eq!(kelviq.requests(), 2);
}

#[tokio::test]
async fn a_feature_of_two_subscriptions_is_granted_by_either() {
    let kelviq = Upstream::start().await;
    let features = vec![
        ("analytics", false),
        ("analytics", true),
        ("export", false),
        ("export", false),
    ];
    kelviq.reply(Reply::Features(features));
    let entitlements = kelviq.shop().entitlements(PERSON).await.unwrap();
    assert!(entitlements.has("analytics") && !entitlements.has("export"));
    assert_eq!(entitlements.feature("analytics").count(), 2);
}

#[tokio::test]
async fn customers_do_not_mix() {
    let kelviq = Upstream::start().await;
    let shop = kelviq.shop();
    kelviq.grant(&["analytics"]);
    let held = kelviq.hold();
    let first = tokio::spawn({
        let shop = shop.clone();
        async move { shop.entitlements("cust_1").await.unwrap() }
    });
    kelviq.arrived(1).await;
    kelviq.grant(&[]);
    kelviq.do_not_hold();
    assert!(!shop.entitlements("cust_2").await.unwrap().has("analytics"));
    drop(held);
    assert!(first.await.unwrap().has("analytics"));
    assert!(shop.entitlements("cust_1").await.unwrap().has("analytics"));
    assert!(!shop.entitlements("cust_2").await.unwrap().has("analytics"));
    assert_eq!(kelviq.requests(), 2);
}

#[tokio::test]
async fn concurrent_calls_share_a_request_that_outlives_its_callers() {
    let kelviq = Upstream::start().await;
    let shop = kelviq.shop();
    kelviq.grant(&["analytics"]);
    let call = || {
        let shop = shop.clone();
        tokio::spawn(async move { has(&shop, "analytics").await })
    };
    let held = kelviq.hold();
    let first = call();
    kelviq.arrived(1).await;
    let others: Vec<_> = (0..20).map(|_| call()).collect();
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    drop(held);
    for other in others {
        assert!(other.await.unwrap());
    }

    // All callers are cancelled.
    pass(secs(60)).await;
    let held = kelviq.hold();
    let only = call();
    kelviq.arrived(2).await;
    only.abort();
    drop(held);
    assert!(has(&shop, "analytics").await);
    assert_eq!(kelviq.requests(), 2);
}

#[tokio::test]
async fn a_stale_result_is_used_while_kelviq_is_unavailable() {
    for fault in [
        Reply::Status(500),
        Reply::Status(503),
        Reply::Status(504),
        Reply::Status(520),
        Reply::Status(429),
        Reply::Html,
        Reply::UnknownPath,
    ] {
        let kelviq = Upstream::start().await;
        let shop = kelviq.shop();
        kelviq.grant(&["analytics"]);
        assert!(has(&shop, "analytics").await);
        pass(secs(60)).await;

        kelviq.reply(fault);
        let log = Log::start();
        for _ in 0..10 {
            assert!(has(&shop, "analytics").await);
        }
        assert_eq!(kelviq.requests(), 2, "no request is sent for 5 s");
        let lines = log.with("");
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with("WARN") && lines[0].contains("stale"));
        assert!(lines[0].contains("127.0.0.1"), "the reason: {lines:?}");
        assert!(!lines[0].contains("alice"), "{lines:?}");

        pass(secs(5)).await;
        assert!(has(&shop, "analytics").await);
        assert_eq!(kelviq.requests(), 3);

        pass(secs(5)).await;
        kelviq.grant(&["export"]);
        assert!(has(&shop, "export").await);
        assert!(!has(&shop, "analytics").await);
        assert_eq!(kelviq.requests(), 4);
    }
}

#[tokio::test]
async fn a_stale_result_is_used_while_the_connection_is_refused() {
    let kelviq = Upstream::start().await;
    let shop = kelviq.shop();
    kelviq.grant(&["analytics"]);
    assert!(has(&shop, "analytics").await);
    kelviq.stop().await;
    pass(secs(60)).await;
    assert!(has(&shop, "analytics").await);

    // Nothing is cached for this customer.
    let error = shop.entitlements("cust_2").await.unwrap_err();
    assert_eq!(error.problem(), CheckoutProblem::Upstream);
    let cause = error.source().unwrap();
    let cause: &kelviq_core::Error = cause.downcast_ref().unwrap();
    assert_eq!(cause.kind(), ErrorKind::Connect);
}

#[tokio::test]
async fn a_stale_result_is_used_for_an_hour() {
    let kelviq = Upstream::start().await;
    let shop = kelviq.shop();
    kelviq.grant(&["analytics"]);
    assert!(has(&shop, "analytics").await);
    kelviq.reply(Reply::Status(503));
    pass(secs(59 * 60)).await;
    assert!(has(&shop, "analytics").await);
    pass(secs(59)).await;
    assert!(has(&shop, "analytics").await);

    // Within the pause after the last failure.
    pass(secs(1)).await;
    let log = Log::start();
    let error = shop.entitlements(PERSON).await.unwrap_err();
    assert_eq!(error.problem(), CheckoutProblem::Busy);
    let lines = log.with("");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("ERROR") && lines[0].contains("503"));
    assert!(!lines[0].contains("alice"), "{lines:?}");

    kelviq.grant(&["analytics"]);
    assert!(has(&shop, "analytics").await);
}

#[tokio::test]
async fn an_answer_of_kelviq_is_not_masked_by_a_stale_result() {
    for status in [400, 401, 403, 422] {
        let kelviq = Upstream::start().await;
        let shop = kelviq.shop();
        kelviq.grant(&["analytics"]);
        assert!(has(&shop, "analytics").await);
        pass(secs(60)).await;
        kelviq.reply(Reply::Status(status));
        for requests in [2, 3] {
            let error = shop.entitlements(PERSON).await.unwrap_err();
            assert_eq!(error.problem(), CheckoutProblem::Upstream, "{status}");
            assert_eq!(kelviq.requests(), requests);
        }
    }
}

#[tokio::test]
async fn a_customer_whom_kelviq_does_not_know_has_no_entitlements() {
    let kelviq = Upstream::start().await;
    let shop = kelviq.shop();
    kelviq.grant(&["analytics"]);
    assert!(has(&shop, "analytics").await);
    pass(secs(60)).await;
    kelviq.reply(Reply::Status(404));
    assert!(!has(&shop, "analytics").await);
    assert!(!has(&shop, "analytics").await);
    assert_eq!(kelviq.requests(), 2);
    // It replaces the earlier result.
    pass(secs(60)).await;
    kelviq.reply(Reply::Status(503));
    assert!(!has(&shop, "analytics").await);
}

#[tokio::test]
async fn a_404_that_is_not_about_a_customer_is_an_error() {
    let kelviq = Upstream::start().await;
    kelviq.reply(Reply::UnknownPath);
    let error = kelviq.shop().entitlements(PERSON).await.unwrap_err();
    assert_eq!(error.problem(), CheckoutProblem::Upstream);
    let cause = error.source().unwrap().to_string();
    assert!(cause.ends_with("check the base URL"), "{cause}");
}

#[tokio::test]
async fn retry_after_is_respected_up_to_a_minute() {
    for (retry_after, pause) in [(1, 5), (30, 30), (3600, 60)] {
        let kelviq = Upstream::start().await;
        let shop = kelviq.shop();
        assert!(!has(&shop, "analytics").await);
        pass(secs(60)).await;
        kelviq.reply(Reply::TooManyRequests { retry_after });
        assert!(!has(&shop, "analytics").await);
        kelviq.grant(&["analytics"]);
        pass(secs(pause - 1)).await;
        assert!(!has(&shop, "analytics").await);
        pass(secs(1)).await;
        assert!(has(&shop, "analytics").await);
        assert_eq!(kelviq.requests(), 3);
    }
}

#[tokio::test]
async fn a_call_waits_for_three_seconds_and_the_response_serves_the_next_one() {
    let kelviq = Upstream::start().await;
    let shop = kelviq.shop();
    kelviq.grant(&["analytics"]);
    let call = || {
        let shop = shop.clone();
        tokio::spawn(async move { shop.entitlements(PERSON).await })
    };

    // Without a cached result.
    let held = kelviq.hold();
    let first = call();
    kelviq.arrived(1).await;
    let log = Log::start();
    pause();
    let start = Instant::now();
    let error = first.await.unwrap().unwrap_err();
    assert_eq!(error.problem(), CheckoutProblem::Timeout);
    assert!(error.source().is_none());
    assert_eq!(
        error.to_string(),
        "the entitlements were not fetched within 3 s"
    );
    assert!((2..=3).contains(&start.elapsed().as_secs()));
    resume();
    let lines = log.with("");
    assert!(
        lines.len() == 1 && lines[0].starts_with("ERROR"),
        "{lines:?}"
    );
    drop(held);
    assert!(has(&shop, "analytics").await);
    assert_eq!(kelviq.requests(), 1);

    // With one.
    pass(secs(60)).await;
    kelviq.grant(&["export"]);
    let held = kelviq.hold();
    let second = call();
    kelviq.arrived(2).await;
    let log = Log::start();
    pause();
    assert!(second.await.unwrap().unwrap().has("analytics"));
    let start = Instant::now();
    assert!(has(&shop, "analytics").await);
    assert_eq!(start.elapsed(), secs(0), "only the first call waits");
    resume();
    let lines = log.with("");
    assert!(
        lines.len() == 1 && lines[0].starts_with("WARN"),
        "{lines:?}"
    );
    drop(held);
    while !has(&shop, "export").await {
        tokio::task::yield_now().await;
    }
    assert_eq!(kelviq.requests(), 2);
}
