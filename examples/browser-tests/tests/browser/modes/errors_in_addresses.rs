//! A page that is asked to show an error: after a form was sent without JavaScript, which may be there by now.

use kelviq_leptos::CheckoutProblem;

use super::{Tests, mode::Mode, visit::Visit};
use crate::support::{browser::Browser, settings::Settings, target::button};

pub(super) fn tests(tests: &mut Tests<'_>) {
    tests.add(
        "an_error_in_the_address_is_shown",
        an_error_in_the_address_is_shown,
    );
    tests.add(
        "text_in_the_address_is_not_shown",
        text_in_the_address_is_not_shown,
    );
    // Without a script, some modes leave such a button out.
    tests.add_scripted(
        "an_error_is_shown_beside_a_button_that_comes_late",
        Settings::default(),
        an_error_is_shown_beside_a_button_that_comes_late,
    );
}

async fn an_error_in_the_address_is_shown(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    let address = visit.at("/plans?kelviq_failed=pro&kelviq_error=busy");
    browser.goto(&address).await;
    visit.is_ready("plans").await;
    visit
        .is_told("Go Pro", CheckoutProblem::Busy.message())
        .await;
    browser.assert_no_console_errors().await;
    if visit.is_scripted() {
        // It has been shown, and is not shown by a reload.
        browser.arrives_exactly_at(&visit.at("/plans")).await;
        browser.reload().await;
        visit.is_ready("plans").await;
        assert!(browser.texts("[role=alert]").await.is_empty());
    }

    browser.click(button("Go Pro")).await;
    visit.is_at_checkout().await;
}

async fn text_in_the_address_is_not_shown(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    for forged in [
        "kelviq_failed=pro&kelviq_error=Call%20me",
        "kelviq_failed=pro&kelviq_error=%3Cb%3ECall%20me%3C%2Fb%3E",
        "kelviq_failed=Call%20me&kelviq_error=busy",
    ] {
        browser.goto(&visit.at(&format!("/plans?{forged}"))).await;
        visit.is_ready("plans").await;
        browser.find(button("Go Pro")).await;
        assert!(browser.texts("[role=alert]").await.is_empty(), "{forged}");
        assert!(!browser.text("body").await.contains("Call me"), "{forged}");
        browser.assert_no_console_errors().await;
    }
}

async fn an_error_is_shown_beside_a_button_that_comes_late(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    let address = visit.at("/late?kelviq_failed=pro&kelviq_error=busy");
    browser.goto(&address).await;
    visit.is_ready("late").await;
    visit
        .is_told("Go Pro", CheckoutProblem::Busy.message())
        .await;
    browser.click(button("Go Pro")).await;
    visit.is_at_checkout().await;
    browser.assert_no_console_errors().await;
}
