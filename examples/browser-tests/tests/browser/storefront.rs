//! The shop, from the plans to the order, and what it says when there is no way there.

use kelviq_axum::fake::Fault;

use crate::support::{
    browser::Browser,
    settings::Settings,
    shop::{Storefront, WEBHOOKS},
    suite::Suite,
    target::{button, field, link},
};

pub(crate) fn tests(suite: &mut Suite) {
    let desktop = Settings::default();
    let phone = Settings::default().phone();
    suite.both_ways(
        "storefront::a_team_buys_seven_seats",
        &desktop,
        a_team_buys_seven_seats,
    );
    suite.both_ways(
        "storefront::back_from_the_checkout_keeps_the_choice",
        &desktop,
        back_from_the_checkout_keeps_the_choice,
    );
    suite.both_ways(
        "storefront::no_checkout_without_kelviq",
        &phone,
        no_checkout_without_kelviq,
    );
}

async fn a_team_buys_seven_seats(browser: &Browser) {
    let shop = Storefront::open().await;
    let webhook = shop.hold(WEBHOOKS);

    browser.goto(&shop.at("/")).await;
    browser.screenshot("plans").await;
    browser.fill(field("Seats"), "7").await;
    browser.click(button("Buy Team")).await;

    browser.shows("Test checkout").await;
    browser.shows("7 × USD 180.00").await;
    browser.screenshot("checkout").await;
    browser.click(button("Pay USD 1260.00")).await;

    // Kelviq's word has not come yet.
    browser.arrives_at(&shop.at("/thanks?reference=")).await;
    browser
        .shows_in("h1", "We are confirming your payment")
        .await;
    browser.screenshot("confirming").await;

    // Nobody touches the page from here on.
    webhook.release();
    browser.shows_in("h1", "Your payment is confirmed").await;
    let order = browser.text("article.order").await;
    for part in ["Team, yearly", "1260.00 USD", "Seats\n7"] {
        assert!(order.contains(part), "{part:?} is not in {order}");
    }
    browser.screenshot("confirmed").await;

    browser.click(link("All your orders")).await;
    browser.arrives_at(&shop.at("/orders")).await;
    let orders = browser.texts("article.order").await;
    assert_eq!(orders, [order]);
    browser.screenshot("orders").await;

    let stranger = browser.another().await;
    stranger.goto(&shop.at("/orders")).await;
    stranger.shows("There is nothing here yet.").await;

    browser.assert_no_console_errors().await;
}

async fn back_from_the_checkout_keeps_the_choice(browser: &Browser) {
    let shop = Storefront::open().await;
    browser.goto(&shop.at("/")).await;
    browser.fill(field("Seats"), "7").await;
    browser.click(button("Buy Team")).await;
    browser.shows("7 × USD 180.00").await;

    browser.back().await;
    browser.arrives_at(&shop.at("/")).await;
    assert_eq!(browser.value(field("Seats")).await, "7");
    browser.click(button("Buy Team")).await;
    browser.shows("7 × USD 180.00").await;
}

async fn no_checkout_without_kelviq(browser: &Browser) {
    let mut shop = Storefront::open().await;
    shop.kelviq().inject_always(Fault::Error(500));
    refused(browser, &shop).await;
    browser.screenshot("refused").await;

    shop.stop_kelviq();
    refused(browser, &shop).await;
}

/// Tries to buy, and is told beside the button that it did not work.
async fn refused(browser: &Browser, shop: &Storefront) {
    browser.goto(&shop.at("/")).await;
    browser.click(button("Buy Team")).await;
    browser
        .shows_in("form:has(#seats) [role=alert]", "You have not been charged")
        .await;
    assert_eq!(browser.texts("[role=alert]").await.len(), 1);
}
