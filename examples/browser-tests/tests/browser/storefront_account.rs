//! A customer of the storefront over time: an account, a subscription with what it includes, its end, and an upgrade.

use kelviq_axum::fake::Fault;

use crate::support::{
    axe::check_axe,
    browser::Browser,
    engine::Engine,
    settings::Settings,
    storefront::Storefront,
    suite::Suite,
    target::{button, field, link},
};

pub(crate) fn tests(suite: &mut Suite) {
    suite.test_with_and_without_javascript(
        "storefront_account::a_customer_signs_up_subscribes_cancels_and_upgrades",
        &Settings::default(),
        a_customer_signs_up_subscribes_cancels_and_upgrades,
    );
    let phone = Settings::default().phone().dark();
    suite.test_with_and_without_javascript(
        "storefront_account::an_account_is_created_and_forgotten",
        &phone,
        an_account_is_created_and_forgotten,
    );
    if suite
        .engine()
        .is_none_or(|engine| engine == Engine::Chromium)
    {
        for (look, settings) in Settings::looks() {
            let name = format!("storefront_account::axe_finds_nothing::{look}");
            suite.test_if(check_axe(), &name, settings, axe_finds_nothing);
        }
    }
}

async fn an_account_is_created_and_forgotten(browser: &Browser) {
    let shop = Storefront::open().await;
    browser.goto(&shop.url("/")).await;
    browser.click(link("Account")).await;
    browser.wait_for_text_in("h1", "Create an account").await;
    browser.screenshot("account-none").await;

    // The browser accepts this address, but the server does not.
    browser.fill(field("Name"), "Ada Brook").await;
    browser.fill(field("Email"), "ada@localhost").await;
    browser.click(button("Create the account")).await;
    browser
        .wait_for_text_in("#email-error", "Please enter an email address")
        .await;
    browser.screenshot("account-invalid").await;
    assert_eq!(browser.value(field("Name")).await, "Ada Brook");
    assert_eq!(browser.value(field("Email")).await, "ada@localhost");

    browser.fill(field("Email"), "ada@example.com").await;
    browser.click(button("Create the account")).await;
    browser.wait_for_text("Your account is saved.").await;
    assert_eq!(browser.value(field("Email")).await, "ada@example.com");
    browser.screenshot("account").await;

    browser.click("summary").await;
    browser
        .wait_for_text_in("details", "You cannot sign in again")
        .await;
    browser.screenshot("account-sign-out").await;
    browser.click(button("Sign out of this browser")).await;
    browser.wait_for_text("You are signed out").await;
    assert_eq!(browser.value(field("Email")).await, "");
}

async fn a_customer_signs_up_subscribes_cancels_and_upgrades(browser: &Browser) {
    let shop = Storefront::open().await;

    // Sign up.
    browser.goto(&shop.url("/")).await;
    browser.click(link("Account")).await;
    browser.fill(field("Name"), "Ada Brook").await;
    browser.fill(field("Email"), "ada@example.com").await;
    browser.click(button("Create the account")).await;
    browser.wait_for_text("Your account is saved.").await;

    // The feature is closed, and the page sells the plan that opens it. The checkout page knows the customer.
    browser.goto(&shop.url("/drafts")).await;
    browser.wait_for_text("This is part of Pro and Team.").await;
    browser.screenshot("feature-closed").await;
    browser.click(button("Upgrade to Pro")).await;
    browser.wait_for_text("Test checkout").await;
    assert_eq!(browser.value(field("Email")).await, "ada@example.com");
    browser.screenshot("checkout-of-an-account").await;
    browser.click("button.primary").await;
    browser.wait_for_text_in("h1", "Thank you").await;

    // The feature is open.
    browser.click(link("Your plan")).await;
    browser.wait_for_text("Renews automatically on").await;
    browser.screenshot("plan").await;
    browser.click(link("Comments on your drafts")).await;
    browser.wait_for_text("I can smell the harbour now.").await;
    browser.screenshot("feature-open").await;

    // A second click leads to the portal.
    browser.click(link("Plans")).await;
    browser.wait_for_text_in("output", "5 seats × $180").await;
    browser.click(button("Go Pro")).await;
    browser
        .wait_for_text_in("[role=alert]", "You already have this plan")
        .await;
    browser.screenshot("refused").await;
    browser.click("[role=alert] a").await;
    browser.wait_for_text_in("h1", "Your plan").await;
    browser.click(button("Manage billing")).await;

    // Cancel at the end of the period.
    browser.wait_for_text_in("h1", "Your purchases").await;
    browser.wait_for_text("ada@example.com").await;
    browser.screenshot("portal").await;
    browser.click("button[value=period-end]").await;
    browser.wait_for_text("Ends on").await;
    browser.screenshot("portal-cancelled").await;
    browser.goto(&shop.url("/plan")).await;
    browser.wait_for_text("Cancelled. It ends on").await;
    let end = browser.text("article time").await;
    browser.screenshot("plan-with-its-end").await;
    browser.goto(&shop.url("/drafts")).await;
    browser.wait_for_text("I can smell the harbour now.").await;

    // Upgrade.
    browser.goto(&shop.url("/plan")).await;
    browser.click(link("Upgrade to Team")).await;
    browser.fill(field("Seats"), "2").await;
    browser.click(button("Buy Team")).await;
    browser.wait_for_text("Test checkout").await;
    browser.click("button.primary").await;
    browser.wait_for_text_in("h1", "Thank you").await;
    browser.click(link("Your plan")).await;
    browser.wait_for_text("Team, yearly").await;
    browser.wait_for_text(&end).await;
    browser.screenshot("plan-upgraded").await;
    // Firefox logs the requests of a page that is left while it loads its script.
    if browser.engine() == Engine::Chromium {
        browser.assert_no_console_errors_except(409).await;
    }
}

async fn axe_finds_nothing(browser: &Browser) {
    let shop = Storefront::open().await;
    for path in ["/plan", "/drafts", "/account"] {
        browser.goto(&shop.url(path)).await;
        browser.find("h1").await;
        browser.screenshot(&path[1..]).await;
        browser.assert_accessible().await;
    }
    browser.fill(field("Name"), "Ada Brook").await;
    browser.fill(field("Email"), "ada@localhost").await;
    browser.click(button("Create the account")).await;
    browser.find("#email-error").await;
    browser.assert_accessible().await;
    browser.fill(field("Email"), "ada@example.com").await;
    browser.click(button("Create the account")).await;
    browser.wait_for_text("Your account is saved.").await;
    browser.click("summary").await;
    browser.screenshot("account").await;
    browser.assert_accessible().await;

    browser.goto(&shop.url("/drafts")).await;
    browser.click(button("Upgrade to Pro")).await;
    browser.wait_for_text("Test checkout").await;
    browser.click("button.primary").await;
    browser.wait_for_text_in("h1", "Thank you").await;
    for path in ["/plan", "/drafts"] {
        browser.goto(&shop.url(path)).await;
        browser.find("article").await;
        browser.screenshot(&path[1..]).await;
        browser.assert_accessible().await;
    }
    browser.goto(&shop.url("/")).await;
    browser.click(button("Go Pro")).await;
    browser.find("[role=alert] a").await;
    browser.screenshot("refused").await;
    browser.assert_accessible().await;

    shop.kelviq().inject_always(Fault::Error(500));
    browser.goto(&shop.url("/plan")).await;
    browser
        .wait_for_text("We cannot look up your plan right now.")
        .await;
    browser.screenshot("plan-unavailable").await;
    browser.assert_accessible().await;
}
