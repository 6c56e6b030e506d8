//! The forms as a browser sends them without JavaScript.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use kelviq_axum::fake::{FakeKelviq, Fault as Upstream};
use kelviq_leptos::CheckoutLayer;
use support::{CHECKOUT, Store, action, form, form_html, with, without};

const SOLD: &str = "/checkout/cs_";

#[tokio::test]
async fn a_button_leads_to_the_checkout() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let answer = store.send(form(&action(&page, "pro"), "offer=pro")).await;
    assert!(answer.location().contains(SOLD));
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
    let answer = store.send(form(&team, fields)).await;
    assert!(answer.location().contains(SOLD));
    let checkout = store.kelviq.checkouts().pop().unwrap();
    assert_eq!(checkout.fields["planIdentifier"], "team");
    assert_eq!(checkout.fields["customerId"], "cust_1");
    assert_eq!(
        checkout.fields["features"].to_string(),
        r#"[{"identifier":"seats","quantity":7}]"#
    );

    for seats in ["0", "51", "-1", "1e1", "", "seven"] {
        let fields = format!("offer=team&quantity%5Bseats%5D={seats}");
        let answer = store.send(form(&team, &fields)).await;
        assert_eq!(
            answer.location(),
            "/plans?kelviq_failed=team&kelviq_error=invalid_quantity",
            "{seats}"
        );
    }
    assert_eq!(store.kelviq.checkouts().len(), 1);
}

#[tokio::test]
async fn what_went_wrong_stands_beside_the_button_that_failed_and_no_other() {
    let store = Store::open().await;
    store.kelviq.inject_always(Upstream::Error(500));
    let address = "/plans?period=year&x=%2F";
    let page = store.page(address).await;
    let answer = store.send(form(&action(&page, "pro"), "offer=pro")).await;
    assert_eq!(
        answer.location(),
        "/plans?period=year&x=%2F&kelviq_failed=pro&kelviq_error=upstream"
    );

    let page = store.page(answer.location()).await;
    assert_eq!(page.matches(r#"role="alert""#).count(), 1);
    let failed = form_html(&page, "pro");
    assert!(
        failed.contains(
            r#"<p role="alert" tabindex="-1" autofocus>The checkout could not be started."#
        ),
        "{failed}"
    );
    // Another try comes from the page without its error.
    let again = store.send(form(&action(&page, "team"), "offer=team")).await;
    assert_eq!(
        again.location(),
        "/plans?period=year&x=%2F&kelviq_failed=team&kelviq_error=upstream"
    );
}

#[tokio::test]
async fn each_problem_comes_back_as_its_code() {
    let kelviq = |answer| move |kelviq: &FakeKelviq| kelviq.inject_always(answer);
    for (answer, code) in [
        (Upstream::Error(401), "upstream"),
        (Upstream::Html, "upstream"),
        (Upstream::HalfBody, "upstream"),
        (
            Upstream::CheckoutUrl("https://evil.example/".into()),
            "upstream",
        ),
        (
            Upstream::CheckoutUrl("javascript:alert(1)".into()),
            "upstream",
        ),
        (Upstream::Error(503), "busy"),
        (Upstream::Error(504), "timeout"),
    ] {
        let store = Store::open().await;
        kelviq(answer)(&store.kelviq);
        for (name, fields) in [("pro", "offer=pro"), ("seats", "seats=3")] {
            let page = store.page("/plans").await;
            let answer = store.send(form(&action(&page, name), fields)).await;
            assert_eq!(
                answer.location(),
                format!("/plans?kelviq_failed={name}&kelviq_error={code}")
            );
        }
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
async fn a_buyer_whom_the_application_refuses_gets_a_sentence() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let request = with(form(&action(&page, "pro"), "offer=pro"), "x-user", "banned");
    assert_eq!(
        store.send(request).await.location(),
        "/plans?kelviq_failed=pro&kelviq_error=buyer_refused"
    );
}

#[tokio::test]
async fn a_server_function_of_the_application_sells_too() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let answer = store.send(form(&action(&page, "seats"), "seats=3")).await;
    assert!(answer.location().contains(SOLD));
    let checkout = store.kelviq.checkouts().pop().unwrap();
    assert_eq!(checkout.fields["features"][0]["quantity"], 3);

    for fields in ["seats=many", "", "seats[a]=1"] {
        let answer = store.send(form(&action(&page, "seats"), fields)).await;
        assert_eq!(
            answer.location(),
            "/plans?kelviq_failed=seats&kelviq_error=unsupported_body"
        );
    }
}

#[tokio::test]
async fn the_portal_opens_for_a_customer_alone() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let stranger = store.send(form(&action(&page, "portal"), "")).await;
    assert_eq!(
        stranger.location(),
        "/plans?kelviq_failed=portal&kelviq_error=no_customer"
    );
    let page = store.page(stranger.location()).await;
    assert!(form_html(&page, "portal").contains("There is nothing to manage here."));

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
            let answer = store.send(request).await;
            assert_eq!(
                answer.location(),
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
            .location()
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
        let answer = store.send(form(&address, "offer=gone")).await;
        assert_eq!(
            answer.location(),
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
    let answer = store.send(form(&action(&page, "pro"), &fields)).await;
    assert_eq!(
        answer.location(),
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
        let answer = store.send(form(address, "email=x")).await;
        assert_eq!(answer.status, StatusCode::CREATED);
        assert_eq!(answer.body, "Thank you for subscribing");
    }
}

#[tokio::test]
async fn a_form_goes_where_its_function_answered_and_nowhere_after_an_error() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    // It asks for one plan, and then for another.
    let answer = store
        .send(form(&action(&page, "seats"), "seats=7777"))
        .await;
    let checkouts = store.kelviq.checkouts();
    assert_eq!(checkouts.len(), 2);
    assert!(answer.location().contains(&checkouts[1].id));
    // It sells, and then fails.
    let answer = store
        .send(form(&action(&page, "seats"), "seats=6666"))
        .await;
    assert_eq!(
        answer.location(),
        "/plans?kelviq_failed=seats&kelviq_error=internal"
    );
}

#[tokio::test]
async fn two_layers_are_as_good_as_one() {
    let store = Store::with_layer(|router, offers| {
        let layer = CheckoutLayer::new(offers);
        router.layer(layer.clone()).layer(layer)
    })
    .await;
    let page = store.page("/plans").await;
    let answer = store.send(form(&action(&page, "pro"), "offer=pro")).await;
    assert!(answer.location().contains(SOLD));
}

#[tokio::test]
async fn a_browser_may_accept_anything_but_json() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    for accept in ["*/*", "application/xhtml+xml", ""] {
        let request = with(form(&action(&page, "pro"), "offer=pro"), "accept", accept);
        assert!(
            store.send(request).await.location().contains(SOLD),
            "{accept}"
        );
    }
}

#[tokio::test]
async fn a_form_that_does_not_arrive_is_not_waited_for() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let (parts, _) = form(&action(&page, "pro"), "").into_parts();
    let never = Body::from_stream(futures_util::stream::pending::<
        Result<String, std::io::Error>,
    >());
    tokio::time::pause();
    let answer = store.send(Request::from_parts(parts, never)).await;
    assert_eq!(
        answer.location(),
        "/plans?kelviq_failed=pro&kelviq_error=unreadable_body"
    );
}

#[tokio::test]
async fn forms_of_others_are_left_alone() {
    let store = Store::open().await;
    let answer = store.send(form(CHECKOUT, "offer=pro")).await;
    assert_ne!(answer.status, StatusCode::SEE_OTHER);
}
