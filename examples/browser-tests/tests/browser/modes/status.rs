//! The success page: among other parts of a page, and after navigation.

use serde_json::json;

use super::{mode::Mode, mode_suite::ModeSuite, visit::Visit};
use crate::support::{browser::Browser, engine::Engine, settings::Settings, target::button};

pub(super) const FIND_ORDER: &str = "/api/find_order";
const FIND_PRICE: &str = "/api/find_price";
const FASTER_CLOCK: &str = "a faster clock needs DevTools of Chromium";
pub(super) const CONFIRMING: &str = "We are confirming your payment";

pub(super) fn tests(tests: &mut ModeSuite<'_>) {
    tests.add("it_is_on_a_crowded_page", it_is_on_a_crowded_page);
    tests.add_hydrated(
        "it_stops_no_other_request",
        Settings::default(),
        it_stops_no_other_request,
    );
    tests.add_hydrated(
        "it_follows_the_reference",
        Settings::default(),
        it_follows_the_reference,
    );
    tests.add_hydrated(
        "it_finds_an_order_after_the_timeout",
        Settings::default()
            .except(Engine::Firefox, FASTER_CLOCK)
            .except(Engine::WebKit, FASTER_CLOCK),
        it_finds_an_order_after_the_timeout,
    );
}

/// A checkout that has not been paid.
pub(super) struct OpenCheckout {
    url: String,
    reference: String,
}

impl OpenCheckout {
    /// Opens the checkout page of an offer.
    pub(super) async fn new(visit: &Visit<'_>, buy: &str) -> Self {
        visit.open_plans().await;
        visit.browser.click(button(buy)).await;
        visit.browser.wait_for_text("Test checkout").await;
        let checkout = visit.kelviq().checkouts().pop().unwrap();
        let success_url = checkout.fields["successUrl"].as_str().unwrap();
        let (_, reference) = success_url.split_once("?reference=").unwrap();
        Self {
            url: visit.browser.url().await,
            reference: reference.to_owned(),
        }
    }

    /// Pays in another browser.
    pub(super) async fn pay(&self, visit: &Visit<'_>) {
        let other = visit.browser.open_another().await;
        other.goto(&self.url).await;
        other.click("button.primary").await;
        other.wait_for_url_prefix(&visit.url("/thanks")).await;
    }

    /// Returns the URL of a page with the reference.
    pub(super) fn page(&self, visit: &Visit<'_>, path: &str) -> String {
        visit.url(&format!("{path}?reference={}", self.reference))
    }
}

async fn it_is_on_a_crowded_page(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    let checkout = OpenCheckout::new(&visit, "Go Pro").await;
    let page = checkout.page(&visit, "/crowded");
    let reference = &*checkout.reference;
    browser.goto(&page).await;
    browser.wait_for_text_in("#beside h1", CONFIRMING).await;
    visit.wait_for_hydration("crowded").await;

    checkout.pay(&visit).await;
    browser.wait_for_text_in("#beside p", reference).await;
    for _ in 0..5 {
        browser.goto(&page).await;
        browser.wait_for_text_in("#beside p", reference).await;
        visit.wait_for_hydration("crowded").await;
        if browser.settings.javascript {
            for part in ["#before", "#awaited", "#after"] {
                browser.wait_for_text_in(part, "29.00 USD").await;
            }
            browser.wait_for_text_in("#inside p", reference).await;
        }
        if visit.is_hydrated() {
            for part in ["#local", "#local-in-suspense"] {
                browser.wait_for_text_in(part, "29.00 USD").await;
            }
        }
        assert_eq!(browser.text("#beside p").await, reference);
        browser.assert_no_console_errors().await;
    }
    if visit.is_hydrated() {
        assert_eq!(visit.count_requests("/crowded"), 6);
    }
}

async fn it_stops_no_other_request(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    let checkout = OpenCheckout::new(&visit, "Go Pro").await;
    let price = visit.hold(FIND_PRICE);
    browser.goto(&checkout.page(&visit, "/crowded")).await;
    visit.wait_for_hydration("crowded").await;
    browser
        .wait_until("the page to poll a few times", async || {
            Ok(visit.count_requests(FIND_ORDER) >= 6)
        })
        .await;
    price.release();
    browser.wait_for_text_in("#local", "29.00 USD").await;
    browser.wait_for_text_in("#beside h1", CONFIRMING).await;
    assert_eq!(visit.count_requests("/crowded"), 1);
    browser.assert_no_console_errors().await;
}

async fn it_follows_the_reference(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    let first = OpenCheckout::new(&visit, "Go Pro").await;
    first.pay(&visit).await;
    let second = OpenCheckout::new(&visit, "Buy Team").await;
    second.pay(&visit).await;
    let (first, second) = (first.reference, second.reference);
    let page = |reference: &str| format!("/thanks?reference={reference}");

    if mode.rendering().has_router() {
        // From another page, to another order, and back.
        browser.goto(&visit.url("/")).await;
        visit.wait_for_hydration("start").await;
        for reference in [&first, &second] {
            let link = format!(
                "<p><a id='to-{reference}' href='{}'>Order</a></p>",
                page(reference)
            );
            let link = json!(link);
            browser
                .execute(&format!(
                    "document.body.insertAdjacentHTML('beforeend', {link})"
                ))
                .await;
        }
        for reference in [&first, &second] {
            let link = format!("#to-{reference}");
            browser.click(&*link).await;
            browser.wait_for_text_in("#reference", reference).await;
        }
        browser.back().await;
        browser.wait_for_text_in("#reference", &first).await;
        browser.back().await;
        browser.wait_for_text_in("h1", "Welcome").await;
    } else {
        browser.goto(&visit.url(&page(&second))).await;
        visit.wait_for_hydration("thanks").await;
        let (first_page, second_page) = (page(&first), page(&second));
        browser
            .execute(&format!(
                "history.pushState(null, '', '{first_page}'); history.pushState(null, '', '{second_page}')"
            ))
            .await;
        browser.back().await;
        browser.wait_for_text_in("#reference", &first).await;
        browser.back().await;
        browser.wait_for_text_in("#reference", &second).await;
    }
    browser.assert_no_console_errors().await;
}

async fn it_finds_an_order_after_the_timeout(browser: &Browser, mode: Mode) {
    let visit = Visit::new(browser, mode).await;
    let checkout = OpenCheckout::new(&visit, "Go Pro").await;
    // A minute becomes two seconds.
    let faster = "const { setTimeout } = window; \
        window.setTimeout = (run, after, ...rest) => setTimeout(run, after / 30, ...rest)";
    browser
        .devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": faster }),
        )
        .await;
    browser.goto(&checkout.page(&visit, "/thanks")).await;
    visit.wait_for_hydration("thanks").await;
    browser.execute("window.visited = true").await;
    browser
        .wait_for_text_in("h1", "We have no confirmation yet")
        .await;
    checkout.pay(&visit).await;
    browser.wait_for_text_in("h1", "Thank you, cust_1").await;
    assert_eq!(browser.execute("return window.visited").await, true);
    browser.assert_no_console_errors().await;
}
