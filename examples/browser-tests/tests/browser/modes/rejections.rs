//! Errors when a checkout cannot be started, and recovery from them.

use kelviq_axum::fake::Fault;
use kelviq_leptos::CheckoutProblem;

use super::{mode::Mode, mode_suite::ModeSuite, visit::Visit};
use crate::support::{
    browser::Browser,
    connection::Conditions,
    settings::Settings,
    target::{button, field, in_form_of},
};

pub(super) fn tests(tests: &mut ModeSuite<'_>) {
    tests.add(
        "a_quantity_out_of_range_is_rejected",
        a_quantity_out_of_range_is_rejected,
    );
    tests.add("an_unknown_offer_is_rejected", an_unknown_offer_is_rejected);
    tests.add("kelviq_fails", kelviq_fails);
    tests.add("kelviq_is_unreachable", kelviq_is_unreachable);
    // Without a script, the browser shows its own error page.
    tests.add_hydrated(
        "the_shop_is_unreachable",
        Settings::default(),
        the_shop_is_unreachable,
    );
}

async fn a_quantity_out_of_range_is_rejected(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    browser.fill(field("Team seats"), "60").await;
    browser.click(button("Buy Team")).await;
    let problem = CheckoutProblem::InvalidQuantity;
    visit
        .assert_shows_error("Buy Team", problem.message())
        .await;

    browser.fill(field("Team seats"), "50").await;
    browser.click(button("Buy Team")).await;
    visit.wait_for_checkout().await;
    browser
        .assert_no_console_errors_except(problem.status())
        .await;
}

async fn an_unknown_offer_is_rejected(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    browser.click(button("Buy Withdrawn")).await;
    let problem = CheckoutProblem::UnknownOffer;
    visit
        .assert_shows_error("Buy Withdrawn", problem.message())
        .await;

    // Other offers still work.
    browser.click(button("Go Pro")).await;
    visit.wait_for_checkout().await;
    browser
        .assert_no_console_errors_except(problem.status())
        .await;
}

async fn kelviq_fails(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    visit.kelviq().inject_always(Fault::Error(500));
    let problem = CheckoutProblem::Upstream;
    // Twice, because the second click is on a page that already shows an error.
    for _ in 0..2 {
        browser.click(button("Go Pro")).await;
        visit.assert_shows_error("Go Pro", problem.message()).await;
        let page = browser.source().await;
        assert!(!page.contains("Internal Server Error"), "{page}");
    }
    // The error of another button is shown next to that button, and receives the focus.
    browser.click(button("Buy Seats")).await;
    let alert = in_form_of("Buy Seats", "//*[@role='alert']");
    browser
        .wait_for_text_in(alert.clone(), problem.message())
        .await;
    browser.wait_for_focus(alert).await;

    visit.kelviq().inject_always(Fault::Normal);
    browser.click(button("Go Pro")).await;
    visit.wait_for_checkout().await;
    browser
        .assert_no_console_errors_except(problem.status())
        .await;
}

async fn kelviq_is_unreachable(browser: &Browser, mode: Mode) {
    let mut visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    let stopped = visit.stop_kelviq().await;
    browser.click(button("Go Pro")).await;
    let problem = CheckoutProblem::Upstream;
    visit.assert_shows_error("Go Pro", problem.message()).await;

    visit.start_kelviq(stopped).await;
    browser.click(button("Go Pro")).await;
    visit.wait_for_checkout().await;
    browser
        .assert_no_console_errors_except(problem.status())
        .await;
}

async fn the_shop_is_unreachable(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    let offline = Conditions {
        offline: true,
        ..Conditions::default()
    };
    visit.network().set(offline);
    browser.click(button("Go Pro")).await;
    let problem = CheckoutProblem::Unreachable;
    visit.assert_shows_error("Go Pro", problem.message()).await;
    visit.network().set(Conditions::default());
    browser.click(button("Go Pro")).await;
    visit.wait_for_checkout().await;
}
