//! What a buyer is told when there is no way to the checkout, and that there is one again later.

use kelviq_axum::fake::Fault;
use kelviq_leptos::CheckoutProblem;

use super::{Tests, mode::Mode, visit::Visit};
use crate::support::{
    browser::Browser,
    settings::Settings,
    target::{button, field, in_form_of},
};

pub(super) fn tests(tests: &mut Tests<'_>) {
    tests.add(
        "a_quantity_that_the_offer_does_not_allow",
        a_quantity_that_the_offer_does_not_allow,
    );
    tests.add(
        "an_offer_that_the_server_does_not_know",
        an_offer_that_the_server_does_not_know,
    );
    tests.add("kelviq_fails", kelviq_fails);
    tests.add("kelviq_is_dead", kelviq_is_dead);
    // Without a script, the browser shows a page of its own.
    tests.add_scripted(
        "the_shop_is_out_of_reach",
        Settings::default(),
        the_shop_is_out_of_reach,
    );
}

async fn a_quantity_that_the_offer_does_not_allow(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    browser.fill(field("Team seats"), "60").await;
    browser.click(button("Buy Team")).await;
    let problem = CheckoutProblem::InvalidQuantity;
    visit.is_told("Buy Team", problem.message()).await;

    browser.fill(field("Team seats"), "50").await;
    browser.click(button("Buy Team")).await;
    visit.is_at_checkout().await;
    browser.assert_no_console_errors_but(problem.status()).await;
}

async fn an_offer_that_the_server_does_not_know(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    browser.click(button("Buy Withdrawn")).await;
    let problem = CheckoutProblem::UnknownOffer;
    visit.is_told("Buy Withdrawn", problem.message()).await;

    // The others are still sold.
    browser.click(button("Go Pro")).await;
    visit.is_at_checkout().await;
    browser.assert_no_console_errors_but(problem.status()).await;
}

async fn kelviq_fails(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    visit.kelviq().inject_always(Fault::Error(500));
    let problem = CheckoutProblem::Upstream;
    // Once more, since a page that shows an error is another one.
    for _ in 0..2 {
        browser.click(button("Go Pro")).await;
        visit.is_told("Go Pro", problem.message()).await;
        let page = browser.source().await;
        assert!(!page.contains("Internal Server Error"), "{page}");
    }
    // The next error stands beside the next button, and has the focus now.
    browser.click(button("Buy Seats")).await;
    let alert = in_form_of("Buy Seats", "//*[@role='alert']");
    browser.shows_in(alert.clone(), problem.message()).await;
    browser.focuses(alert).await;

    visit.kelviq().inject_always(Fault::Normal);
    browser.click(button("Go Pro")).await;
    visit.is_at_checkout().await;
    browser.assert_no_console_errors_but(problem.status()).await;
}

async fn kelviq_is_dead(browser: &Browser, mode: Mode) {
    let mut visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    let stopped = visit.stop_kelviq().await;
    browser.click(button("Go Pro")).await;
    let problem = CheckoutProblem::Upstream;
    visit.is_told("Go Pro", problem.message()).await;

    visit.start_kelviq(stopped).await;
    browser.click(button("Go Pro")).await;
    visit.is_at_checkout().await;
    browser.assert_no_console_errors_but(problem.status()).await;
}

async fn the_shop_is_out_of_reach(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    browser.offline(true).await;
    browser.click(button("Go Pro")).await;
    let problem = CheckoutProblem::Unreachable;
    visit.is_told("Go Pro", problem.message()).await;
    browser.offline(false).await;
    browser.click(button("Go Pro")).await;
    visit.is_at_checkout().await;
}
