//! The success page without JavaScript.

use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex},
    time::Duration,
};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
    routing::get,
};
use futures_util::StreamExt;
use kelviq_leptos::{CheckoutLayer, CheckoutStatus, use_reference};
use leptos::prelude::*;
use leptos_axum::render_app_async;
use tokio::time::{Instant, advance, pause};

use crate::support::{CHECKOUT, Log, MODES, Store, TestResponse, script};

static ORDERS: LazyLock<Mutex<BTreeMap<String, String>>> = LazyLock::new(Mutex::default);

pub(crate) fn store_order(reference: &str, title: &str) {
    let mut orders = ORDERS.lock().unwrap();
    orders.insert(reference.into(), title.into());
}

#[server]
pub(crate) async fn order(reference: String) -> Result<Option<String>, ServerFnError> {
    if reference.starts_with("dead") {
        return Err(ServerFnError::ServerError(
            "the database is unavailable".into(),
        ));
    }
    if reference.starts_with("beef") {
        std::future::pending::<()>().await;
    }
    Ok(ORDERS.lock().unwrap().get(&reference).cloned())
}

#[component]
fn Thanks() -> impl IntoView {
    view! {
        <main>
            <CheckoutStatus order=order let:order>
                <h1>"Thank you"</h1>
                <p>{order}</p>
            </CheckoutStatus>
            {use_reference()}
        </main>
    }
}

async fn store() -> Store {
    Store::in_each_mode(|| view! { <Thanks/> }).await
}

/// Starts a checkout. Returns its reference.
async fn start_checkout(store: &Store) -> String {
    let response = store.send(script(CHECKOUT, "offer=pro")).await;
    assert_eq!(response.status, StatusCode::OK, "{response:?}");
    let checkout = store.kelviq.checkouts().pop().unwrap();
    let success_url = checkout.fields["successUrl"].as_str().unwrap();
    success_url.rsplit_once("reference=").unwrap().1.to_owned()
}

async fn visit(store: &Store, mode: &str, query: &str) -> TestResponse {
    let request = Request::get(format!("/{mode}?{query}")).header(header::HOST, "app.example.com");
    store.send(request.body(Body::empty()).unwrap()).await
}

/// The seconds until a browser without JavaScript reloads the page.
fn reload_after(response: &TestResponse) -> Option<u64> {
    assert_eq!(response.header("refresh"), "");
    let (_, rest) = response
        .body
        .split_once(r#"<meta http-equiv="refresh" content=""#)?;
    let (seconds, rest) = rest.split_once('"').unwrap();
    assert!(rest.starts_with("></noscript>"), "{rest}");
    Some(seconds.parse().unwrap())
}

fn references() -> impl Iterator<Item = String> {
    (0..).map(|n| format!("{n:032x}"))
}

#[tokio::test]
async fn it_waits_in_every_mode_and_reloads() {
    let store = store().await;
    pause();
    for (mode, reference) in MODES.into_iter().zip(references()) {
        let response = visit(&store, mode, &format!("reference={reference}")).await;
        assert!(
            response.body.contains("We are confirming your payment"),
            "{response:?}"
        );
        assert!(
            !response.body.contains("<template"),
            "{mode}: the status needs a script"
        );
        assert_eq!(reload_after(&response), Some(3), "{response:?}");
        assert_eq!(response.header("cache-control"), "no-store");
    }
}

/// With several threads, the parts of a page are ready in any order.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_stream_always_begins_with_the_status() {
    let store = std::sync::Arc::new(store().await);
    let reference = references().nth(5).unwrap();
    store_order(&reference, "Pro");
    let visits: Vec<_> = (0..100)
        .map(|n| {
            let (store, reference) = (std::sync::Arc::clone(&store), reference.clone());
            tokio::spawn(async move {
                visit(&store, MODES[n % 3], &format!("reference={reference}")).await
            })
        })
        .collect();
    for visit in visits {
        let response = visit.await.unwrap();
        assert!(response.body.contains("<p>Pro</p>"), "{response:?}");
        assert!(!response.body.contains("<template"), "{response:?}");
    }
}

#[tokio::test]
async fn it_shows_the_order_once_it_is_known() {
    let store = store().await;
    pause();
    for (mode, reference) in MODES.into_iter().zip(references().skip(10)) {
        let query = format!("reference={reference}");
        visit(&store, mode, &query).await;
        store_order(&reference, "Team & more");
        let response = visit(&store, mode, &query).await;
        assert!(
            response.body.contains("<p>Team &amp; more</p>"),
            "{response:?}"
        );
        assert!(!response.body.contains("confirming"));
        assert_eq!(reload_after(&response), None);
    }
}

#[tokio::test]
async fn the_response_to_a_reload_is_delayed_until_the_order_is_found() {
    let store = store().await;
    let reference = start_checkout(&store).await;
    pause();
    let query = format!("reference={reference}");
    visit(&store, "async", &query).await;
    advance(Duration::from_secs(3)).await;
    let start = Instant::now();
    let (response, ()) = tokio::join!(visit(&store, "async", &query), async {
        tokio::time::sleep(Duration::from_secs(7)).await;
        store_order(&reference, "Pro");
    });
    assert!(response.body.contains("<p>Pro</p>"));
    assert!((7..9).contains(&start.elapsed().as_secs()));
}

#[tokio::test]
async fn after_a_minute_it_has_no_confirmation_and_reloads_less_often() {
    let store = store().await;
    let reference = start_checkout(&store).await;
    pause();
    let query = format!("reference={reference}");
    let start = Instant::now();
    let mut loads = 1;
    while reload_after(&visit(&store, "async", &query).await) == Some(3) {
        advance(Duration::from_secs(3)).await;
        loads += 1;
    }
    assert!((60..64).contains(&start.elapsed().as_secs()));
    assert!(loads < 8, "{loads}");
    let late = visit(&store, "async", &query).await;
    assert!(late.body.contains("We have no confirmation yet"));
    assert!(late.body.contains(&format!(
        r#"<a href="/async?{query}" rel="external">Look again</a>"#
    )));
    assert_eq!(reload_after(&late), Some(60));

    advance(Duration::from_secs(10 * 60)).await;
    store_order(&reference, "Pro");
    let paid = visit(&store, "async", &query).await;
    assert!(paid.body.contains("<p>Pro</p>"), "{paid:?}");
    assert_eq!(reload_after(&paid), None);
}

#[tokio::test]
async fn after_an_hour_it_does_not_reload() {
    let store = store().await;
    pause();
    let query = format!("reference={}", references().nth(31).unwrap());
    visit(&store, "async", &query).await;
    advance(Duration::from_secs(59 * 60)).await;
    let late = visit(&store, "async", &query).await;
    assert!(late.body.contains("We have no confirmation yet"));
    assert_eq!(reload_after(&late), None);
}

#[tokio::test]
async fn a_database_that_does_not_respond_does_not_block_the_page() {
    let store = store().await;
    pause();
    let query = format!("reference=beef{:028x}", 1);
    let start = Instant::now();
    let response = visit(&store, "async", &query).await;
    assert!(response.body.contains("We are confirming your payment"));
    assert_eq!(reload_after(&response), Some(3));
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_url_without_a_valid_reference_is_not_looked_up_and_not_shown() {
    let store = store().await;
    for query in [
        "",
        "reference=",
        "reference=ABC-123",
        "reference=%3Cscript%3Ealert(1)%3C/script%3E",
        "reference=0123456789ABCDEF0123456789ABCDEF",
    ] {
        let response = visit(&store, "async", query).await;
        assert!(
            response.body.contains("We have no confirmation yet"),
            "{query}"
        );
        // It is in the link to the page itself, and nowhere else.
        let link = response.body.split("href=\"").nth(1).unwrap();
        let (address, text) = link.split_once('"').unwrap();
        assert!(address.starts_with("/async") && !address.contains('<'));
        assert!(!text.contains("ABC") && !text.contains("alert"));
        assert_eq!(reload_after(&response), None);
    }
}

#[tokio::test]
async fn a_failed_lookup_is_retried_and_its_error_is_not_shown() {
    let store = store().await;
    pause();
    let response = visit(&store, "async", &format!("reference=dead{:028x}", 1)).await;
    assert!(response.body.contains("We are confirming your payment"));
    assert!(!response.body.contains("database"));
}

#[tokio::test]
async fn a_page_that_is_not_hydrated_reloads_in_every_browser() {
    let store = Store::with_layer(|router, offers| {
        let page = || view! { <CheckoutStatus order=order hydrated=false let:order>{order}</CheckoutStatus> };
        router
            .route("/async", get(render_app_async(page)))
            .layer(CheckoutLayer::new(offers))
    })
    .await;
    pause();
    let query = format!("reference={}", references().nth(50).unwrap());
    let response = visit(&store, "async", &query).await;
    let reload = r#"</noscript><meta http-equiv="refresh" content="3">"#;
    assert!(response.body.contains(reload), "{response:?}");
}

#[tokio::test]
async fn attributes_reach_the_status() {
    let store = Store::with_layer(|router, offers| {
        let page = || view! { <CheckoutStatus order=order attr:class="wide" let:order>{order}</CheckoutStatus> };
        router
            .route("/async", get(render_app_async(page)))
            .layer(CheckoutLayer::new(offers))
    })
    .await;
    let response = visit(&store, "async", "").await;
    assert!(
        response
            .body
            .contains(r#"<div role="status" class="wide">"#),
        "{response:?}"
    );
}

#[tokio::test]
async fn a_page_without_a_request_in_its_context_logs_the_missing_layer() {
    let _store = store().await;
    let (log, _guard) = Log::record();
    let reference = references().nth(40).unwrap();
    let owner = Owner::new();
    let page = owner.with(|| {
        view! { <CheckoutStatus order=order reference=reference let:order>{order}</CheckoutStatus> }
            .to_html_stream_in_order()
            .collect::<String>()
    });
    let page = page.await;
    assert!(page.contains("We have no confirmation yet"), "{page}");
    let log = log.text();
    assert!(log.contains("CheckoutLayer is missing"), "{log}");
}
