//! The storefront, from the plans to the order, and its error messages if the checkout fails.

use kelviq_axum::fake::Fault;
use storefront::Site;

use crate::support::{
    axe::check_axe,
    browser::Browser,
    engine::Engine,
    settings::Settings,
    storefront::{SITE_ROOT, Storefront, WEBHOOKS},
    storefront_process::StorefrontProcess,
    suite::Suite,
    target::{button, field, link},
};

pub(crate) fn tests(suite: &mut Suite) {
    let desktop = Settings::default();
    let phone = Settings::default().phone();
    suite.test_with_and_without_javascript(
        "storefront::a_team_buys_seven_seats",
        &desktop,
        a_team_buys_seven_seats,
    );
    suite.test_with_and_without_javascript(
        "storefront::back_from_the_checkout_keeps_the_quantity",
        &desktop.clone().except(
            Engine::Firefox,
            "Firefox forgets the form of a page with `Cache-Control: no-store`",
        ),
        back_from_the_checkout_keeps_the_quantity,
    );
    suite.test_with_and_without_javascript(
        "storefront::no_checkout_without_kelviq",
        &phone,
        no_checkout_without_kelviq,
    );
    if suite
        .engine()
        .is_none_or(|engine| engine == Engine::Chromium)
    {
        for (look, settings) in Settings::looks() {
            let name = format!("storefront::axe_finds_nothing::{look}");
            suite.test_if(check_axe(), &name, settings, axe_finds_nothing);
        }
    }
    for javascript in [true, false] {
        let with = if javascript { "with" } else { "without" };
        suite.test_if(
            StorefrontProcess::available(),
            &format!("storefront::an_order_survives_a_kill_before_its_webhook::{with}_javascript"),
            desktop.clone().javascript(javascript),
            an_order_survives_a_kill_before_its_webhook,
        );
    }
}

async fn a_team_buys_seven_seats(browser: &Browser) {
    let shop = Storefront::open().await;
    let webhook = shop.hold(WEBHOOKS);

    browser.goto(&shop.url("/")).await;
    browser.screenshot("plans").await;
    browser.fill(field("Seats"), "7").await;
    wait_for_total_of_seven(browser).await;
    browser.click(button("Buy Team")).await;

    browser.wait_for_text("Test checkout").await;
    browser.wait_for_text("7 × USD 180.00").await;
    browser.screenshot("checkout").await;
    browser.click(button("Pay USD 1260.00")).await;

    // The webhook is held back.
    browser
        .wait_for_url_prefix(&shop.url("/thanks?reference="))
        .await;
    browser
        .wait_for_text_in("h1", "We are confirming your payment")
        .await;
    browser.screenshot("confirming").await;

    // From here on, the page updates without any input.
    webhook.release();
    browser.wait_for_text_in("h1", "Thank you").await;
    let order = browser.text("article.order").await;
    // Engines differ in the line breaks between the parts.
    let words = order.split_whitespace().collect::<String>();
    for part in ["Team,yearly", "$1,260", "7seats×$180"] {
        assert!(words.contains(part), "{part:?} is not in {order}");
    }
    browser.screenshot("confirmed").await;

    browser.click(link("All your orders")).await;
    browser.wait_for_url_prefix(&shop.url("/orders")).await;
    let orders = browser.texts("article.order").await;
    assert_eq!(orders, [order]);
    browser.screenshot("orders").await;

    let other = browser.open_another().await;
    other.goto(&shop.url("/orders")).await;
    other.wait_for_text("There is nothing here yet.").await;

    browser.assert_no_console_errors().await;
}

async fn back_from_the_checkout_keeps_the_quantity(browser: &Browser) {
    let shop = Storefront::open().await;
    browser.goto(&shop.url("/")).await;
    browser.fill(field("Seats"), "7").await;
    browser.click(button("Buy Team")).await;
    browser.wait_for_text("7 × USD 180.00").await;

    browser.back().await;
    browser.wait_for_url_prefix(&shop.url("/")).await;
    assert_eq!(browser.value(field("Seats")).await, "7");
    wait_for_total_of_seven(browser).await;
    browser.click(button("Buy Team")).await;
    browser.wait_for_text("7 × USD 180.00").await;
}

/// Waits for the total of seven seats. A page that is not hydrated shows the one of an example.
async fn wait_for_total_of_seven(browser: &Browser) {
    let is_hydrated = browser.settings.javascript && Site::at(SITE_ROOT).is_some();
    for text in if is_hydrated {
        ["7 seats × $180", "$1,260 a year"]
    } else {
        ["Example: 5 seats × $180", "$900 a year"]
    } {
        browser.wait_for_text_in("output", text).await;
    }
}

async fn no_checkout_without_kelviq(browser: &Browser) {
    let mut shop = Storefront::open().await;
    shop.kelviq().inject_always(Fault::Error(500));
    try_to_buy(browser, &shop).await;
    browser.screenshot("rejected").await;

    shop.stop_kelviq();
    try_to_buy(browser, &shop).await;
}

/// Tries to buy, and expects an error next to the button.
async fn try_to_buy(browser: &Browser, shop: &Storefront) {
    browser.goto(&shop.url("/")).await;
    browser.click(button("Buy Team")).await;
    browser
        .wait_for_text_in("form:has(#seats) [role=alert]", "You have not been charged")
        .await;
    assert_eq!(browser.texts("[role=alert]").await.len(), 1);
}

async fn an_order_survives_a_kill_before_its_webhook(browser: &Browser) {
    let mut shop = StorefrontProcess::start().await;
    browser.goto(&shop.url("/")).await;
    browser.click(button("Buy Starter")).await;
    browser.click(button("Pay USD 49.00")).await;
    browser
        .wait_for_url_prefix(&shop.url("/thanks?reference="))
        .await;
    browser
        .wait_for_text_in("h1", "We are confirming your payment")
        .await;
    let thanks = browser.url().await;

    // As long as Kelviq cannot be reached, the payment is unknown.
    shop.kill();
    shop.kelviq.inject_always(Fault::Error(500));
    shop.start_again();
    browser.goto(&thanks).await;
    browser
        .wait_for_text_in("h1", "We are confirming your payment")
        .await;
    browser.screenshot("confirming-after-a-restart").await;

    shop.kill();
    shop.kelviq.inject_always(Fault::Normal);
    shop.start_again();
    browser.goto(&thanks).await;
    browser.wait_for_text_in("h1", "Thank you").await;
    let order = browser.text("article.order").await;
    for part in ["Starter", "$49"] {
        assert!(order.contains(part), "{part:?} is not in {order}");
    }
    browser.screenshot("confirmed-after-a-restart").await;

    shop.kill();
    shop.start_again();
    browser.goto(&shop.url("/orders")).await;
    assert_eq!(browser.text("article.order").await, order);
    assert_eq!(browser.texts("article.order").await.len(), 1);
    browser.screenshot("orders-after-a-restart").await;
}

async fn axe_finds_nothing(browser: &Browser) {
    let shop = Storefront::open().await;
    for path in [
        "/",
        "/orders",
        "/thanks",
        "/cancelled",
        "/no-such-page",
        "/api/orders",
    ] {
        browser.goto(&shop.url(path)).await;
        browser.find("h1").await;
        browser.assert_accessible().await;
    }

    let webhook = shop.hold(WEBHOOKS);
    browser.goto(&shop.url("/")).await;
    browser.click(button("Buy Team")).await;
    browser.click("button.primary").await;
    browser
        .wait_for_text_in("h1", "We are confirming your payment")
        .await;
    // Without scripts, only a reload can show the order.
    if Site::at(SITE_ROOT).is_some() {
        browser.assert_accessible().await;
    } else {
        browser.assert_accessible_except(&["meta-refresh"]).await;
    }
    webhook.release();
    browser.wait_for_text_in("h1", "Thank you").await;
    browser.assert_accessible().await;
    browser.goto(&shop.url("/orders")).await;
    browser.find("article.order").await;
    browser.assert_accessible().await;

    shop.kelviq().inject_always(Fault::Error(500));
    try_to_buy(browser, &shop).await;
    browser.assert_accessible().await;
}
