//! What the database keeps: orders survive restarts, failures are retried, and storefronts share a PostgreSQL.

use axum::http::StatusCode;
use futures_util::FutureExt;
use kelviq_axum::Store;
use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Metadata};
use storefront::DatabaseUrl;

use crate::support::{
    log,
    postgres::Schema,
    storefront::{Storefront, WEBHOOKS, return_path},
};

const CONFIRMING: &str = "We are confirming your payment";
const CONFIRMED: &str = "Your payment is confirmed";

#[tokio::test]
async fn an_order_survives_a_restart_between_paying_and_the_webhook() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    let (thanks, _) = return_path(&shop.last_checkout());
    let payment = shop.kelviq.pay(&shop.last_checkout().id);

    let shop = shop.restart().await;
    buyer.visit(&shop);
    buyer.get(&thanks).await.assert_shows(CONFIRMING);
    let response = payment.deliver_to(&shop.router, WEBHOOKS).await;
    assert_eq!(response.status(), StatusCode::OK);
    buyer.get(&thanks).await.assert_shows(CONFIRMED);
    buyer.get("/orders").await.assert_shows("<h2>Starter</h2>");
}

#[tokio::test]
async fn an_order_arrives_after_a_restart_even_if_its_webhook_never_does() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    let (thanks, _) = return_path(&shop.last_checkout());
    let payment = shop.kelviq.pay(&shop.last_checkout().id);

    let mut shop = shop.restart().await;
    buyer.visit(&shop);
    buyer.get(&thanks).await.assert_shows(CONFIRMING);
    let webhooks = shop.run_webhooks();
    buyer.wait_for(&thanks, CONFIRMED).await;
    webhooks.stop().await;

    // It arrives after all.
    let response = payment.deliver_to(&shop.router, WEBHOOKS).await;
    assert_eq!(response.status(), StatusCode::OK);
    let orders = buyer.get("/orders").await;
    assert_eq!(orders.html.matches("<article").count(), 1);
    orders.assert_hides("Needs review");
}

#[tokio::test]
async fn an_order_survives_a_restart_after_the_webhook() {
    log::clear();
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    let plans = buyer.get("/").await;
    let form = plans.form("Buy Team").fill("quantity[seats]", "7");
    buyer.submit(&form).await.location();
    let (thanks, _) = return_path(&shop.last_checkout());
    shop.pay().await;
    let pages = [buyer.get(&thanks).await, buyer.get("/orders").await];

    let shop = shop.restart().await;
    buyer.visit(&shop);
    for (path, before) in [thanks.as_str(), "/orders"].into_iter().zip(pages) {
        before.assert_shows("7 seats × $180");
        assert_eq!(buyer.get(path).await.html, before.html);
    }
    // The event is known, too.
    shop.pay().await;
    let orders = buyer.get("/orders").await;
    assert_eq!(orders.html.matches("<article").count(), 1);
    assert_eq!(log::count("order fulfilled"), 1);
}

#[tokio::test]
async fn an_event_whose_transaction_fails_is_handled_again() {
    log::clear();
    let mut shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    let (thanks, _) = return_path(&shop.last_checkout());
    let rename = |from: &str, to: &str| {
        let statement = format!("ALTER TABLE {from} RENAME TO {to}");
        sqlx::query(sqlx::AssertSqlSafe(statement))
    };

    let pool = shop.sqlite().pool().clone();
    let broken = rename("storefront_orders", "elsewhere");
    broken.execute(&pool).await.unwrap();
    let payment = shop.kelviq.pay(&shop.last_checkout().id);
    let response = payment.deliver_to(&shop.router, WEBHOOKS).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(log::count("the order could not be stored"), 1);
    let failed = shop.sqlite().failed(10).await.unwrap();
    assert_eq!(failed[0].id, payment.event_id());

    let mended = rename("elsewhere", "storefront_orders");
    mended.execute(&pool).await.unwrap();
    buyer.get(&thanks).await.assert_shows(CONFIRMING);
    // Without this, the first retry is after 5 s.
    assert!(shop.sqlite().replay(payment.event_id()).await.unwrap());
    let webhooks = shop.run_webhooks();
    buyer.wait_for(&thanks, CONFIRMED).await;
    webhooks.stop().await;
    assert_eq!(log::count("order fulfilled"), 1);
    assert_eq!(shop.sqlite().failed(10).await.unwrap(), []);
}

#[tokio::test]
async fn without_the_database_no_page_claims_that_nothing_was_paid() {
    log::clear();
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    shop.pay().await;
    let (thanks, _) = return_path(&shop.last_checkout());
    shop.sqlite().pool().close().await;

    let orders = buyer.get("/orders").await;
    assert_eq!(orders.status, StatusCode::SERVICE_UNAVAILABLE);
    orders.assert_shows("<title>Your orders · Quillmoor</title>");
    orders.assert_shows("We cannot show your orders right now.");
    orders.assert_shows("please do not pay again");
    orders.assert_hides("There is nothing here yet");
    assert_eq!(
        log::count_both("the orders could not be read", "closed pool"),
        1
    );

    let page = buyer.get(&thanks).await;
    assert_eq!(page.status, StatusCode::OK);
    page.assert_shows(CONFIRMING);
    assert!(log::count_both("the orders could not be read", "closed pool") > 1);

    // A sale does not need the database. Its webhook does.
    buyer.click("Go Pro").await.location();
    let payment = shop.kelviq.pay(&shop.last_checkout().id);
    let response = payment.deliver_to(&shop.router, WEBHOOKS).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn two_storefronts_on_one_postgres_are_one_shop() {
    let Some(schema) = Schema::create("two_storefronts").await else {
        return;
    };
    log::clear();
    let url = DatabaseUrl::Postgres(Box::new(schema.options()));
    // Both create the tables at the same time.
    let (first, _) = tokio::join!(Storefront::open_at(&url), Storefront::open_at(&url));
    let second = first.open_another().await;
    let mut buyer = first.visitor();
    buyer.click("Buy Starter").await.location();
    let (thanks, reference) = return_path(&first.last_checkout());
    let payment = first.kelviq.pay(&first.last_checkout().id);
    let (one, other) = tokio::join!(
        payment.deliver_to(&first.router, WEBHOOKS),
        payment.deliver_to(&second.router, WEBHOOKS),
    );
    assert!(one.status() == StatusCode::OK || other.status() == StatusCode::OK);
    assert_eq!(log::count("order fulfilled"), 1);
    for shop in [&first, &second] {
        buyer.visit(shop);
        buyer.get(&thanks).await.assert_shows(CONFIRMED);
        let orders = buyer.get("/orders").await;
        assert_eq!(orders.html.matches("<article").count(), 1);
    }

    // Two sessions pay for one order at the same time.
    let plan = || CheckoutPlan::new("starter", ChargePeriod::OneTime);
    let metadata = first.last_checkout().metadata.as_json().to_owned();
    let metadata = metadata.replace(&reference, "0123456789abcdef0123456789abcdef");
    let metadata = Metadata::from_json(&metadata).unwrap();
    let mut payments = Vec::new();
    for _ in 0..2 {
        let request = CreateCheckoutSession::new(plan(), "https://shop.example/");
        let request = request.metadata(metadata.clone());
        let session = first
            .kelviq
            .client()
            .create_checkout_session(&request)
            .await;
        payments.push(first.kelviq.pay(&session.unwrap().checkout_session_id));
    }
    let (one, other) = tokio::join!(
        payments[0]
            .deliver_to(&first.router, WEBHOOKS)
            .map(|response| response.status()),
        payments[1]
            .deliver_to(&second.router, WEBHOOKS)
            .map(|response| response.status()),
    );
    assert_eq!((one, other), (StatusCode::OK, StatusCode::OK));
    assert_eq!(log::count("order fulfilled"), 2);
    assert_eq!(log::count("an order was paid twice"), 1);
    let orders = buyer.get("/orders").await;
    assert_eq!(orders.html.matches("<article").count(), 3);
    assert_eq!(orders.html.matches("had already been paid").count(), 1);

    drop((first, second));
    schema.drop().await;
}
