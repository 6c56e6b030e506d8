//! A double click creates one session, and no customer gets the session of another.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use crate::support::buyer::User;
use crate::support::{
    form, send,
    stub::{Answer, StubKelviq},
    with,
};
use axum::{
    Router,
    http::{StatusCode, Uri},
};
use kelviq_axum::{
    Offer, Offers, Shop,
    fake::{FakeKelviq, Fault},
    kelviq_core::{ChargePeriod, Kelviq},
    routes,
};

fn app(kelviq: &FakeKelviq) -> Router {
    app_with(kelviq.client())
}

fn app_with(kelviq: Kelviq) -> Router {
    let offers = Offers::builder(Shop::new(kelviq, "https://app.example.com").unwrap())
        .offer("pro", Offer::plan("pro", ChargePeriod::Monthly))
        .offer(
            "team",
            Offer::plan("team", ChargePeriod::Yearly).quantity("seats", 1..=50),
        )
        .sold_to::<User>()
        .build()
        .unwrap();
    Router::new().nest("/checkout", routes(offers))
}

/// Sends concurrent clicks and returns `(customer, status, location)` of each.
async fn clicks(
    app: &Router,
    customers: impl Iterator<Item = String>,
) -> Vec<(String, StatusCode, String)> {
    let tasks: Vec<_> = customers
        .map(|customer| {
            let app = app.clone();
            tokio::spawn(async move {
                let response =
                    send(&app, with(form("/checkout/pro", ""), "x-user", &customer)).await;
                (
                    customer,
                    response.status,
                    response.header("location").to_owned(),
                )
            })
        })
        .collect();
    let mut responses = Vec::new();
    for task in tasks {
        responses.push(task.await.unwrap());
    }
    responses
}

/// Asserts that every customer has exactly one session, and no session of another customer.
fn assert_own_sessions(kelviq: &FakeKelviq, responses: &[(String, StatusCode, String)]) {
    let mut locations: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (customer, status, location) in responses {
        assert_eq!(*status, StatusCode::SEE_OTHER);
        locations.entry(customer).or_default().insert(location);
    }
    for checkout in kelviq.checkouts() {
        let customer = checkout.fields["customerId"].as_str().unwrap();
        let own = &locations[customer];
        assert_eq!(own.len(), 1);
        assert!(own.first().unwrap().contains(&checkout.id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_clicks_of_a_hundred_customers_are_a_hundred_sessions() {
    let kelviq = FakeKelviq::start().await;
    let responses = clicks(
        &app(&kelviq),
        (0..1000).map(|click| format!("cust_{}", click % 100)),
    )
    .await;
    assert_eq!(kelviq.checkouts().len(), 100);
    assert_own_sessions(&kelviq, &responses);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_clicks_of_buyers_without_an_id_are_a_thousand_sessions() {
    let kelviq = FakeKelviq::start().await;
    let responses = clicks(&app(&kelviq), (0..1000).map(|_| "nobody".to_owned())).await;
    let locations: BTreeSet<_> = responses.iter().map(|(_, _, location)| location).collect();
    assert_eq!((kelviq.checkouts().len(), locations.len()), (1000, 1000));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_error_is_cached_when_kelviq_fails_and_recovers() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let customers = || (0..1000).map(|click| format!("cust_{}", click % 100));
    kelviq.inject_always(Fault::Error(500));
    for (_, status, _) in clicks(&app, customers()).await {
        assert_eq!(status, StatusCode::BAD_GATEWAY);
    }
    assert_eq!(kelviq.checkouts().len(), 0);

    kelviq.inject_always(Fault::Normal);
    let responses = clicks(&app, customers()).await;
    assert_eq!(kelviq.checkouts().len(), 100);
    assert_own_sessions(&kelviq, &responses);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_customer_gets_an_own_session_after_a_restart_of_kelviq() {
    let kelviq = FakeKelviq::start().await;
    let client = Kelviq::builder(kelviq.api_key()).base_url(kelviq.base_url());
    let app = app_with(client.timeout(Duration::from_secs(5)).build().unwrap());
    let clicks_of =
        |group: &'static str| (0..300).map(move |click| format!("{group}_{}", click % 30));
    let before = clicks(&app, clicks_of("before")).await;
    assert_own_sessions(&kelviq, &before);

    let address: Uri = kelviq.base_url().parse().unwrap();
    let api_key = kelviq.api_key().to_owned();
    drop(kelviq);
    // The open connections end a moment later.
    for probe in 0.. {
        let responses = clicks(&app, std::iter::once(format!("probe_{probe}"))).await;
        if responses[0].1 != StatusCode::SEE_OTHER {
            break;
        }
    }
    let during = clicks(&app, clicks_of("during")).await;
    let failed: BTreeSet<_> = during
        .into_iter()
        .filter(|(_, status, _)| *status != StatusCode::SEE_OTHER)
        .map(|(customer, status, location)| {
            let is_down = [StatusCode::BAD_GATEWAY, StatusCode::GATEWAY_TIMEOUT].contains(&status);
            assert!(is_down && location.is_empty(), "{status} {location}");
            customer
        })
        .collect();
    assert!(!failed.is_empty());

    let kelviq = loop {
        let builder = FakeKelviq::builder().port(address.port_u16().unwrap());
        match builder.api_key(api_key.clone()).start().await {
            Ok(kelviq) => break kelviq,
            // The port may still be in use for a moment.
            Err(_) => tokio::task::yield_now().await,
        }
    };
    let again = failed
        .iter()
        .flat_map(|customer| vec![customer.clone(); 10]);
    let after = clicks(&app, again).await;
    assert_eq!(kelviq.checkouts().len(), failed.len());
    assert_own_sessions(&kelviq, &after);
}

#[tokio::test]
async fn another_customer_offer_or_quantity_gets_another_session() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    for (path, fields) in [
        ("/checkout/pro", ""),
        ("/checkout/team", "quantity[seats]=2"),
        ("/checkout/team", "quantity[seats]=3"),
    ] {
        let first = send(&app, with(form(path, fields), "x-user", "cust_1")).await;
        let again = send(&app, with(form(path, fields), "x-user", "cust_1")).await;
        assert_eq!(first.header("location"), again.header("location"));
        let other = send(&app, with(form(path, fields), "x-user", "cust_2")).await;
        assert_ne!(first.header("location"), other.header("location"));
    }
    assert_eq!(kelviq.checkouts().len(), 6);
}

#[tokio::test]
async fn each_click_gets_the_format_that_it_accepts() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let click = || with(form("/checkout/pro", ""), "x-user", "cust_1");
    let page = send(&app, click()).await;
    let script = send(&app, with(click(), "accept", "application/json")).await;
    assert_eq!(
        (page.status, script.status),
        (StatusCode::SEE_OTHER, StatusCode::OK)
    );
    assert!(script.body.contains(page.header("location")));
    assert_eq!(kelviq.checkouts().len(), 1);
}

#[tokio::test]
async fn a_click_that_cancels_the_previous_one_gets_its_session() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let click = || with(form("/checkout/pro", ""), "x-user", "cust_1");
    let first = {
        let (app, click) = (app.clone(), click());
        tokio::spawn(async move { send(&app, click).await.status })
    };
    while kelviq.checkouts().is_empty() {
        tokio::task::yield_now().await;
    }
    first.abort();
    let second = send(&app, click()).await;
    assert_eq!(second.status, StatusCode::SEE_OTHER);
    assert_eq!(kelviq.checkouts().len(), 1);
    assert!(
        second
            .header("location")
            .contains(&kelviq.checkouts()[0].id)
    );
}

#[tokio::test]
async fn a_click_that_waits_for_a_cancelled_one_gets_its_session() {
    // The session is created after the request for subscriptions.
    let kelviq = StubKelviq::start(|line, _| match line {
        "POST /checkout/" => Answer::After("GET /subscriptions/"),
        _ => Answer::Default,
    })
    .await;
    let app = app_with(kelviq.client.clone());
    let click = || {
        let app = app.clone();
        tokio::spawn(async move {
            let response = send(&app, with(form("/checkout/pro", ""), "x-user", "cust_1")).await;
            response.header("location").to_owned()
        })
    };
    let first = click();
    while kelviq.requests("POST /checkout/").is_empty() {
        tokio::task::yield_now().await;
    }
    let second = click();
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let mut subscriptions = kelviq.client.list_subscriptions("cust_1");
    assert!(subscriptions.try_next().await.unwrap().is_none());
    assert_eq!(second.await.unwrap(), "https://kelviq.com/checkout/cs_0/");
    assert_eq!(kelviq.requests("POST /checkout/").len(), 1);
}
