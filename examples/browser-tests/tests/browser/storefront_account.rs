//! A customer of the storefront over time: an account, a subscription with what it includes, its end, and an upgrade.

use crate::support::{
    browser::Browser,
    settings::Settings,
    storefront::Storefront,
    suite::Suite,
    target::{button, field, link},
};

pub(crate) fn tests(suite: &mut Suite) {
    let phone = Settings::default().phone().dark();
    suite.test_with_and_without_javascript(
        "storefront_account::an_account_is_created_and_forgotten",
        &phone,
        an_account_is_created_and_forgotten,
    );
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
