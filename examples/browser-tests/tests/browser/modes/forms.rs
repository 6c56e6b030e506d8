//! `<CheckoutForm>` with the application's own server function, and the customer portal.

use kelviq_leptos::CheckoutProblem;

use super::{mode::Mode, mode_suite::ModeSuite, visit::Visit};
use crate::support::{
    browser::Browser,
    target::{button, field},
};

pub(super) fn tests(tests: &mut ModeSuite<'_>) {
    tests.add(
        "a_server_function_of_the_application_sells",
        a_server_function_of_the_application_sells,
    );
    tests.add("an_invalid_form_is_rejected", an_invalid_form_is_rejected);
    tests.add(
        "the_portal_opens_only_for_a_customer",
        the_portal_opens_only_for_a_customer,
    );
}

async fn a_server_function_of_the_application_sells(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    browser.fill(field("Extra seats"), "4").await;
    browser.click(button("Buy Seats")).await;
    visit.wait_for_checkout().await;
    let checkout = visit.kelviq().checkouts().pop().unwrap();
    assert_eq!(checkout.fields["planIdentifier"], "extra");
    browser.click("button.primary").await;

    browser.wait_for_text_in("h1", "Thank you, cust_1").await;
    assert_eq!(browser.text("#offer").await, "extra");
    assert_eq!(browser.text("#seats").await, "4");
    browser.assert_no_console_errors().await;
}

async fn an_invalid_form_is_rejected(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    browser.fill(field("Extra seats"), "-4").await;
    browser.click(button("Buy Seats")).await;
    let message = CheckoutProblem::UnsupportedBody.message();
    visit.assert_shows_error("Buy Seats", message).await;

    browser.fill(field("Extra seats"), "4").await;
    browser.click(button("Buy Seats")).await;
    visit.wait_for_checkout().await;
    browser.assert_no_console_errors().await;
}

async fn the_portal_opens_only_for_a_customer(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    browser.click(button("Manage billing")).await;
    let problem = CheckoutProblem::NoCustomer;
    visit
        .assert_shows_error("Manage billing", problem.portal_message())
        .await;

    browser.click(button("Go Pro")).await;
    visit.wait_for_checkout().await;
    let _ = visit.kelviq().pay(&visit.kelviq().checkouts()[0].id);
    visit.open_plans().await;
    browser.click(button("Manage billing")).await;
    browser.wait_for_text_in("h1", "Your purchases").await;
    browser
        .assert_no_console_errors_except(problem.status())
        .await;
}
