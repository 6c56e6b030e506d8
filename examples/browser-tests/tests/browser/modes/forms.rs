//! The form over the application's own server function, and the customer portal.

use kelviq_leptos::CheckoutProblem;

use super::{Tests, mode::Mode, visit::Visit};
use crate::support::{
    browser::Browser,
    target::{button, field},
};

pub(super) fn tests(tests: &mut Tests<'_>) {
    tests.add(
        "a_server_function_of_the_application_sells",
        a_server_function_of_the_application_sells,
    );
    tests.add("a_form_that_cannot_be_read", a_form_that_cannot_be_read);
    tests.add(
        "the_portal_opens_for_a_customer_alone",
        the_portal_opens_for_a_customer_alone,
    );
}

async fn a_server_function_of_the_application_sells(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    browser.fill(field("Extra seats"), "4").await;
    browser.click(button("Buy Seats")).await;
    visit.is_at_checkout().await;
    let checkout = visit.kelviq().checkouts().pop().unwrap();
    assert_eq!(checkout.fields["planIdentifier"], "extra");
    browser.click("button.primary").await;

    browser.shows_in("h1", "Thank you, cust_1").await;
    assert_eq!(browser.text("#offer").await, "extra");
    assert_eq!(browser.text("#seats").await, "4");
    browser.assert_no_console_errors().await;
}

async fn a_form_that_cannot_be_read(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    browser.fill(field("Extra seats"), "-4").await;
    browser.click(button("Buy Seats")).await;
    let message = CheckoutProblem::UnsupportedBody.message();
    visit.is_told("Buy Seats", message).await;

    browser.fill(field("Extra seats"), "4").await;
    browser.click(button("Buy Seats")).await;
    visit.is_at_checkout().await;
    browser.assert_no_console_errors().await;
}

async fn the_portal_opens_for_a_customer_alone(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    visit.open_plans().await;
    browser.click(button("Manage billing")).await;
    let problem = CheckoutProblem::NoCustomer;
    visit
        .is_told("Manage billing", problem.portal_message())
        .await;

    browser.click(button("Go Pro")).await;
    visit.is_at_checkout().await;
    let _ = visit.kelviq().pay(&visit.kelviq().checkouts()[0].id);
    visit.open_plans().await;
    browser.click(button("Manage billing")).await;
    browser.shows_in("h1", "Your purchases").await;
    browser.assert_no_console_errors_but(problem.status()).await;
}
