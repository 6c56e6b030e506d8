//! The forms as a browser submits them without JavaScript.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use kelviq_axum::fake::Fault;
use kelviq_leptos::{BuyerRedirect, CheckoutError, CheckoutLayer, CheckoutProblem};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::support::{CHECKOUT, Log, Store, action, form, form_html, with, without};

const CHECKOUT_PAGE: &str = "/checkout/cs_";

#[tokio::test]
async fn a_button_leads_to_the_checkout() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let response = store.send(form(&action(&page, "pro"), "offer=pro")).await;
    assert!(response.location().contains(CHECKOUT_PAGE));
    let checkout = store.kelviq.checkouts().pop().unwrap();
    assert_eq!(checkout.fields["planIdentifier"], "pro");
    assert_eq!(checkout.fields["customerId"], "cust_1");
    assert!(checkout.metadata.as_json().contains("order_ref"));
}

#[tokio::test]
async fn the_buyer_chooses_a_quantity_within_what_the_offer_allows_and_nothing_else() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let team = action(&page, "team");
    let fields = "offer=team&quantity%5Bseats%5D=7&plan=pro&customerId=x&successUrl=https://evil.example/&quantity[x]=1";
    let response = store.send(form(&team, fields)).await;
    assert!(response.location().contains(CHECKOUT_PAGE));
    let checkout = store.kelviq.checkouts().pop().unwrap();
    assert_eq!(checkout.fields["planIdentifier"], "team");
    assert_eq!(checkout.fields["customerId"], "cust_1");
    assert_eq!(
        checkout.fields["features"].to_string(),
        r#"[{"identifier":"seats","quantity":7}]"#
    );

    for seats in ["0", "51", "-1", "1e1", "", "seven"] {
        let fields = format!("offer=team&quantity%5Bseats%5D={seats}");
        let response = store.send(form(&team, &fields)).await;
        assert_eq!(
            response.error_page().0,
            "/plans?kelviq_failed=team&kelviq_error=invalid_quantity",
            "{seats}"
        );
    }
    assert_eq!(store.kelviq.checkouts().len(), 1);
}

#[tokio::test]
async fn an_error_is_shown_by_the_form_that_failed_and_no_other() {
    let store = Store::open().await;
    store.kelviq.inject_always(Fault::Error(500));
    let address = "/plans?period=year&x=%2F";
    let page = store.page(address).await;
    let response = store.send(form(&action(&page, "pro"), "offer=pro")).await;
    assert_eq!(
        response.error_page().0,
        "/plans?period=year&x=%2F&kelviq_failed=pro&kelviq_error=upstream"
    );

    let (_, reference) = response.error_page();
    let page = store.page(response.location()).await;
    assert_eq!(page.matches(r#"role="alert""#).count(), 1);
    assert!(form_html(&page, "pro").contains(&format!(" Reference: {reference}</div>")));
    let failed = form_html(&page, "pro");
    assert!(
        failed.contains(
            r#"<div role="alert" tabindex="-1" autofocus>The checkout could not be started."#
        ),
        "{failed}"
    );
    // The next attempt removes the error from the URL.
    let again = store.send(form(&action(&page, "team"), "offer=team")).await;
    assert_eq!(
        again.error_page().0,
        "/plans?period=year&x=%2F&kelviq_failed=team&kelviq_error=upstream"
    );
}

#[tokio::test]
async fn each_problem_is_returned_as_its_code() {
    for (fault, code) in [
        (Fault::Error(401), "upstream"),
        (Fault::Html, "upstream"),
        (Fault::HalfBody, "upstream"),
        (
            Fault::CheckoutUrl("https://evil.example/".into()),
            "upstream",
        ),
        (Fault::CheckoutUrl("javascript:alert(1)".into()), "upstream"),
        (Fault::Error(503), "busy"),
        (Fault::Error(504), "timeout"),
    ] {
        let store = Store::open().await;
        store.kelviq.inject_always(fault);
        for (name, fields) in [("pro", "offer=pro"), ("seats", "seats=3")] {
            let page = store.page("/plans").await;
            let response = store.send(form(&action(&page, name), fields)).await;
            assert_eq!(
                response.error_page().0,
                format!("/plans?kelviq_failed={name}&kelviq_error={code}")
            );
        }
    }
}

#[tokio::test]
async fn a_declined_discount_code_is_shown_at_the_button() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    for (name, fields) in [("pro", "offer=pro"), ("seats", "seats=3")] {
        let declined = Fault::InvalidField("discountCode".into());
        store.kelviq.inject_next(declined);
        let response = store.send(form(&action(&page, name), fields)).await;
        assert_eq!(
            response.error_page().0,
            format!("/plans?kelviq_failed={name}&kelviq_error=invalid_discount_code")
        );
        let page = store.page(response.location()).await;
        assert!(form_html(&page, name).contains("This discount code is not valid"));
    }
}

#[tokio::test]
async fn the_reference_of_every_error_is_in_the_log() {
    let store = Store::open().await;
    store.kelviq.inject_always(Fault::Error(500));
    let page = store.page("/plans").await;
    let large = format!("offer=pro&x={}", "x".repeat(20 * 1024));
    let (log, _guard) = Log::record();
    for (name, fields, line) in [
        ("pro", "offer=pro", "the checkout could not be started"),
        ("pro", "offer=gone", "unknown_offer"),
        ("pro", &large, "body_too_large"),
        ("portal", "", "the portal could not be opened"),
        ("seats", "seats=3", "the checkout could not be started"),
        ("seats", "seats=many", "unsupported_body"),
        ("seats", "seats=5999", "invalid_quantity"),
    ] {
        let response = store.send(form(&action(&page, name), fields)).await;
        let (_, reference) = response.error_page();
        assert!(log.has_line(line, reference), "{line}: {}", log.text());
        let page = store.page(response.location()).await;
        let shown = format!(" Reference: {reference}</div>");
        assert!(form_html(&page, name).contains(&shown), "{page}");
    }
    // A response that is not from a server function.
    let url = "/api/echo?kelviq_form=pro&kelviq_page=%2Fplans";
    let response = store.send(form(url, "text=x")).await;
    let line = "neither a redirect nor a CheckoutError";
    assert!(log.has_line(line, response.error_page().1));
}

#[tokio::test]
async fn only_a_valid_reference_is_read_from_the_address() {
    let store = Store::open().await;
    let forged = ["Call%20me", "0123456789ABCDEF0123456789ABCDEF", ""];
    for reference in forged {
        let query = format!("kelviq_failed=pro&kelviq_error=busy&kelviq_reference={reference}");
        let page = store.page(&format!("/plans?{query}")).await;
        let form = form_html(&page, "pro");
        assert!(form.contains("please try again later.</div>"), "{form}");
        // The next attempt removes the reference from the URL.
        assert!(action(&page, "pro").ends_with("kelviq_page=%2Fplans"));
    }
}

#[tokio::test]
async fn text_from_the_address_is_never_shown() {
    let store = Store::open().await;
    for query in [
        "kelviq_failed=pro&kelviq_error=Call%20me",
        "kelviq_failed=pro&kelviq_error=%3Cscript%3E",
        "kelviq_failed=pro",
        "kelviq_error=busy",
        "kelviq_failed=%3Cscript%3E&kelviq_error=busy",
    ] {
        let page = store.page(&format!("/plans?{query}")).await;
        assert!(!page.contains("role=\"alert\""), "{query}: {page}");
        assert!(
            !page.contains("<script>") && !page.contains("Call me"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn a_buyer_who_must_sign_in_is_sent_there_and_comes_back_to_the_page() {
    let store = Store::open().await;
    let page = store.page("/plans?period=year").await;
    for name in ["pro", "portal"] {
        let request = without(form(&action(&page, name), "offer=pro"), "x-user");
        assert_eq!(
            store.send(request).await.location(),
            "/sign-in?next=%2Fplans%3Fperiod%3Dyear"
        );
    }
    let own = store.send(form(&action(&page, "seats"), "seats=0")).await;
    assert_eq!(own.location(), "/sign-in");
}

#[tokio::test]
async fn a_buyer_who_is_rejected_by_the_application_gets_a_message() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let request = with(form(&action(&page, "pro"), "offer=pro"), "x-user", "banned");
    assert_eq!(
        store.send(request).await.error_page().0,
        "/plans?kelviq_failed=pro&kelviq_error=buyer_refused"
    );
}

#[tokio::test]
async fn a_server_function_of_the_application_sells_too() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let response = store.send(form(&action(&page, "seats"), "seats=3")).await;
    assert!(response.location().contains(CHECKOUT_PAGE));
    let checkout = store.kelviq.checkouts().pop().unwrap();
    assert_eq!(checkout.fields["features"][0]["quantity"], 3);

    for fields in ["seats=many", "", "seats[a]=1"] {
        let response = store.send(form(&action(&page, "seats"), fields)).await;
        assert_eq!(
            response.error_page().0,
            "/plans?kelviq_failed=seats&kelviq_error=unsupported_body"
        );
    }
}

#[tokio::test]
async fn the_portal_opens_for_customers_only() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let stranger = store.send(form(&action(&page, "portal"), "")).await;
    assert_eq!(
        stranger.error_page().0,
        "/plans?kelviq_failed=portal&kelviq_error=no_customer"
    );
    let page = store.page(stranger.location()).await;
    assert!(form_html(&page, "portal").contains("You have no purchases to manage."));

    store.send(form(&action(&page, "pro"), "offer=pro")).await;
    let _ = store.kelviq.pay(&store.kelviq.checkouts()[0].id);
    let customer = store.send(form(&action(&page, "portal"), "")).await;
    assert!(customer.location().contains("/portal/?token="));
}

#[tokio::test]
async fn another_site_sells_nothing() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        for (form_name, fields) in [("pro", "offer=pro"), ("seats", "seats=3"), ("portal", "")] {
            let request = with(form(&action(&page, form_name), fields), name, value);
            let response = store.send(request).await;
            assert_eq!(
                response.error_page().0,
                format!("/plans?kelviq_failed={form_name}&kelviq_error=cross_site")
            );
        }
    }
    let old_browser = without(form(&action(&page, "pro"), "offer=pro"), "sec-fetch-site");
    let old_browser = with(old_browser, "origin", "https://evil.example");
    assert!(
        store
            .send(old_browser)
            .await
            .error_page()
            .0
            .ends_with("cross_site")
    );
    assert!(store.kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn the_way_back_never_leads_to_another_host() {
    let store = Store::open().await;
    for page in [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "/%09/evil.example",
        "javascript:alert(1)",
        "/%0d%0aset-cookie:x=1",
    ] {
        let address = format!("{CHECKOUT}?kelviq_form=pro&kelviq_page={page}");
        let response = store.send(form(&address, "offer=gone")).await;
        assert_eq!(
            response.error_page().0,
            "/?kelviq_failed=pro&kelviq_error=unknown_offer",
            "{page}"
        );
    }
}

#[tokio::test]
async fn a_large_form_is_not_read() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let fields = format!("offer=pro&x={}", "x".repeat(20 * 1024));
    let response = store.send(form(&action(&page, "pro"), &fields)).await;
    assert_eq!(
        response.error_page().0,
        "/plans?kelviq_failed=pro&kelviq_error=body_too_large"
    );
}

#[tokio::test]
async fn forms_of_the_application_on_a_page_that_shows_an_error_are_left_alone() {
    let store = Store::open().await;
    for address in [
        "/subscribe?kelviq_failed=pro&kelviq_error=busy",
        "/subscribe?kelviq_form=pro&kelviq_page=%2Fplans",
    ] {
        let response = store.send(form(address, "email=x")).await;
        assert_eq!(response.status, StatusCode::CREATED);
        assert_eq!(response.body, "Thank you for subscribing");
    }
}

#[tokio::test]
async fn a_form_follows_the_last_redirect_of_its_function_and_none_after_an_error() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    // The function creates a session for one plan, and then for another.
    let response = store
        .send(form(&action(&page, "seats"), "seats=7777"))
        .await;
    let checkouts = store.kelviq.checkouts();
    assert_eq!(checkouts.len(), 2);
    assert!(response.location().contains(&checkouts[1].id));
    // The function creates a session, and then fails.
    let response = store
        .send(form(&action(&page, "seats"), "seats=6666"))
        .await;
    assert_eq!(
        response.error_page().0,
        "/plans?kelviq_failed=seats&kelviq_error=internal"
    );
}

#[tokio::test]
async fn a_layer_that_is_added_twice_works() {
    let store = Store::with_layer(|router, offers| {
        let layer = CheckoutLayer::new(offers);
        router.layer(layer.clone()).layer(layer)
    })
    .await;
    let page = store.page("/plans").await;
    let response = store.send(form(&action(&page, "pro"), "offer=pro")).await;
    assert!(response.location().contains(CHECKOUT_PAGE));
}

#[tokio::test]
async fn a_browser_may_accept_anything_but_json() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    for accept in ["*/*", "application/xhtml+xml", ""] {
        let request = with(form(&action(&page, "pro"), "offer=pro"), "accept", accept);
        assert!(
            store.send(request).await.location().contains(CHECKOUT_PAGE),
            "{accept}"
        );
    }
}

#[tokio::test]
async fn a_form_that_does_not_arrive_times_out() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let (parts, _) = form(&action(&page, "pro"), "").into_parts();
    let never = Body::from_stream(futures_util::stream::pending::<
        Result<String, std::io::Error>,
    >());
    tokio::time::pause();
    let response = store.send(Request::from_parts(parts, never)).await;
    assert_eq!(
        response.error_page().0,
        "/plans?kelviq_failed=pro&kelviq_error=unreadable_body"
    );
}

#[tokio::test]
async fn forms_of_others_are_left_alone() {
    let store = Store::open().await;
    let response = store.send(form(CHECKOUT, "offer=pro")).await;
    assert_ne!(response.status, StatusCode::SEE_OTHER);
}

#[server(endpoint = "echo")]
#[allow(clippy::unused_async, reason = "server functions are async")]
async fn echo(text: String) -> Result<String, ServerFnError> {
    Ok(text)
}

#[server(endpoint = "move_on")]
#[allow(clippy::unused_async, reason = "server functions are async")]
async fn move_on(fails: bool) -> Result<BuyerRedirect, CheckoutError> {
    leptos_axum::redirect("/elsewhere");
    if fails {
        return Err(CheckoutProblem::Internal.into());
    }
    kelviq_leptos::checkout().await?.sign_in_at("/sign-in")
}

#[tokio::test]
async fn the_value_of_another_server_function_is_not_followed() {
    let store = Store::open().await;
    let url = "/api/echo?kelviq_form=pro&kelviq_page=%2Fplans";
    let response = store.send(form(url, "text=https://evil.example/")).await;
    assert_eq!(
        response.error_page().0,
        "/plans?kelviq_failed=pro&kelviq_error=internal"
    );
}

#[tokio::test]
async fn a_server_function_can_redirect_through_leptos() {
    let store = Store::open().await;
    let url = "/api/move_on?kelviq_form=pro&kelviq_page=%2Fplans";
    let response = store.send(form(url, "fails=true")).await;
    assert_eq!(response.location(), "/elsewhere");
    let response = store.send(form(url, "fails=false")).await;
    assert_eq!(response.location(), "/sign-in");
}

#[tokio::test]
async fn a_large_form_of_unknown_length_is_not_read() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let (parts, _) = form(&action(&page, "pro"), "").into_parts();
    let chunks = (0..20).map(|_| Ok::<_, std::io::Error>("x".repeat(1024)));
    let body = Body::from_stream(futures_util::stream::iter(chunks));
    let response = store.send(Request::from_parts(parts, body)).await;
    assert_eq!(
        response.error_page().0,
        "/plans?kelviq_failed=pro&kelviq_error=body_too_large"
    );
}

#[tokio::test]
async fn a_body_that_does_not_arrive_changes_no_page_of_the_same_thread() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let (parts, _) = form(&action(&page, "pro"), "").into_parts();
    let cut = futures_util::stream::once(async { Err::<String, _>(std::io::Error::other("cut")) });

    // While a thread renders a page, that page's owner is the current one, also for other requests on the thread.
    let other_page = ResponseOptions::default();
    let owner = Owner::new();
    owner.set();
    provide_context(other_page.clone());
    store
        .send(Request::from_parts(parts, Body::from_stream(cut)))
        .await;
    assert_eq!(other_page.0.read().unwrap().status, None);
}
