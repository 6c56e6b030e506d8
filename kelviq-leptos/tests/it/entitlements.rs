//! A page that shows a feature, or the button that sells it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use kelviq_axum::Shop;
use kelviq_core::Kelviq;
use kelviq_leptos::{CheckoutButton, CheckoutError, CheckoutLayer, CheckoutProblem};
use leptos::{prelude::*, serde_json};
use leptos_axum::{render_app_async, render_app_to_stream, render_app_to_stream_in_order};
use tokio::net::TcpListener;

use crate::support::{Log, MODES, Store, TestResponse, script, with, without};

#[server(endpoint = "may_use_analytics")]
async fn may_use_analytics() -> Result<bool, CheckoutError> {
    Ok(kelviq_leptos::entitlements().await?.has("analytics"))
}

#[server(endpoint = "visitors_today")]
async fn visitors_today() -> Result<u64, CheckoutError> {
    if !kelviq_leptos::entitlements().await?.has("analytics") {
        return Err(CheckoutProblem::FeatureNotIncluded.into());
    }
    Ok(42)
}

#[component]
fn Analytics() -> impl IntoView {
    let may_use = Resource::new_blocking(|| (), |()| may_use_analytics());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match may_use.await {
                    Ok(true) => view! { <p>"42 visitors today"</p> }.into_any(),
                    Ok(false) => {
                        view! { <CheckoutButton offer="pro">"Upgrade"</CheckoutButton> }.into_any()
                    }
                    Err(_) => view! { <p>"We cannot check your plan"</p> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// A page that needs the entitlements in several places.
#[component]
fn Page() -> impl IntoView {
    view! {
        <Analytics/>
        <Await future=may_use_analytics() let:may_use>
            {format!("await: {may_use:?}")}
        </Await>
        <Analytics/>
    }
}

/// Kelviq's endpoint for entitlements, which `cust_1` has access to a feature by, unless it is down.
#[derive(Clone, Default)]
struct Api {
    requests: Arc<AtomicUsize>,
    status: Arc<Mutex<Option<StatusCode>>>,
}

impl Api {
    fn respond(&self, query: &str) -> Response {
        self.requests.fetch_add(1, Ordering::SeqCst);
        if let Some(status) = *self.status.lock().unwrap() {
            return status.into_response();
        }
        let customer_id = query.strip_prefix("customer_id=").unwrap();
        let has_access = customer_id == "cust_1";
        format!(
            r#"{{"customerId": "{customer_id}", "entitlements": [{{"featureId": "analytics", "hasAccess": {has_access}}}]}}"#
        )
        .into_response()
    }
}

struct Site {
    store: Store,
    api: Api,
}

impl Site {
    async fn open() -> Self {
        let api = Api::default();
        let respond = {
            let api = api.clone();
            async move |request: axum::extract::Request| {
                api.respond(request.uri().query().unwrap_or_default())
            }
        };
        let router = Router::new().route("/api/v1/entitlements/", get(respond));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let kelviq = Kelviq::builder("server-test").base_url(url).max_retries(0);
        let shop = Shop::new(kelviq.build().unwrap(), "https://app.example.com").unwrap();
        let store = Store::with_shop(
            |_| shop,
            |router, offers| {
                let page = || view! { <Page/> };
                router
                    .route("/async", get(render_app_async(page)))
                    .route("/in-order", get(render_app_to_stream_in_order(page)))
                    .route("/out-of-order", get(render_app_to_stream(page)))
                    .layer(CheckoutLayer::new(offers))
            },
        )
        .await;
        Self { store, api }
    }

    async fn visit(&self, mode: &str, user: &str) -> TestResponse {
        let request = Request::get(format!("/{mode}"))
            .header(header::HOST, "app.example.com")
            .body(Body::empty())
            .unwrap();
        let request = match user {
            "" => request,
            user => with(request, "x-user", user),
        };
        self.store.send(request).await
    }

    async fn call(&self, path: &str, user: &str) -> TestResponse {
        self.store
            .send(with(script(path, ""), "x-user", user))
            .await
    }

    fn requests(&self) -> usize {
        self.api.requests.load(Ordering::SeqCst)
    }
}

#[track_caller]
fn assert_shows(page: &TestResponse, shown: &str, times: usize) {
    assert_eq!(page.status, StatusCode::OK);
    for text in [
        "42 visitors today",
        ">Upgrade</button>",
        "We cannot check your plan",
    ] {
        let times = if text == shown { times } else { 0 };
        assert_eq!(
            page.body.matches(text).count(),
            times,
            "{text} in {}",
            page.body
        );
    }
}

#[tokio::test]
async fn a_page_shows_the_feature_to_a_customer_who_has_it_with_one_request() {
    for mode in MODES {
        let site = Site::open().await;
        let page = site.visit(mode, "cust_1").await;
        assert_shows(&page, "42 visitors today", 2);
        assert!(page.body.contains("await: Ok(true)"), "{}", page.body);
        assert_eq!(site.requests(), 1, "{mode}");
    }
}

#[tokio::test]
async fn a_page_shows_a_button_that_sells_the_feature_to_everybody_else() {
    let site = Site::open().await;
    for mode in MODES {
        // `banned` gets 403 from the buyer's extractor, and `expired` and "" a redirect.
        for user in ["cust_2", "", "banned", "expired"] {
            let page = site.visit(mode, user).await;
            assert_shows(&page, ">Upgrade</button>", 2);
            assert!(
                page.body.contains("kelviq_form=pro*s1&amp;"),
                "{}",
                page.body
            );
            assert_eq!(page.header("location"), "");
        }
    }
    assert_eq!(site.requests(), 1, "only for cust_2");
}

#[tokio::test]
async fn a_page_is_shown_with_a_message_if_kelviq_is_down() {
    let site = Site::open().await;
    *site.api.status.lock().unwrap() = Some(StatusCode::SERVICE_UNAVAILABLE);
    let (log, _guard) = Log::record();
    for mode in MODES {
        let page = site.visit(mode, "cust_1").await;
        assert_shows(&page, "We cannot check your plan", 2);
        assert_eq!(page.header("retry-after"), "");
    }
    assert!(log.has_line("ERROR", "503") && !log.text().contains("cust_1"));

    // The entitlements that were fetched before are used.
    *site.api.status.lock().unwrap() = None;
    assert_shows(&site.visit("async", "cust_1").await, "42 visitors today", 2);
    *site.api.status.lock().unwrap() = Some(StatusCode::SERVICE_UNAVAILABLE);
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(60)).await;
    tokio::time::resume();
    assert_shows(&site.visit("async", "cust_1").await, "42 visitors today", 2);
}

#[tokio::test]
async fn a_failure_of_the_buyers_extractor_is_an_error() {
    let site = Site::open().await;
    let (log, _guard) = Log::record();
    for mode in MODES {
        let page = site.visit(mode, "broken").await;
        assert_shows(&page, "We cannot check your plan", 2);
    }
    assert!(log.has_line("WARN", "status=500"), "{}", log.text());
    assert_eq!(site.requests(), 0);
}

#[tokio::test]
async fn a_server_function_checks_the_entitlements_itself() {
    let site = Site::open().await;
    assert_eq!(site.call("/api/visitors_today", "cust_1").await.body, "42");
    assert_eq!(
        site.call("/api/may_use_analytics", "cust_2").await.body,
        "false"
    );
    let refused = site.call("/api/visitors_today", "cust_2").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.error().0, "feature_not_included");
    assert_eq!(site.requests(), 2);

    let anonymous = without(script("/api/visitors_today", ""), "x-user");
    assert_eq!(
        site.store.send(anonymous).await.status,
        StatusCode::FORBIDDEN
    );
    let broken = site.call("/api/visitors_today", "broken").await;
    assert_eq!(broken.status, StatusCode::INTERNAL_SERVER_ERROR);

    *site.api.status.lock().unwrap() = Some(StatusCode::SERVICE_UNAVAILABLE);
    let (log, _guard) = Log::record();
    let down = site.call("/api/visitors_today", "cust_3").await;
    assert_eq!(down.status, StatusCode::SERVICE_UNAVAILABLE);
    let (problem, reference) = down.error();
    assert_eq!(problem, "busy");
    assert!(log.has_line(reference, "503"), "{}", log.text());
}

#[tokio::test]
async fn without_the_layer_it_is_an_error() {
    let (log, _guard) = Log::record();
    let owner = Owner::new();
    let result = owner.with(kelviq_leptos::entitlements).await;
    assert_eq!(result.unwrap_err().problem(), CheckoutProblem::Internal);
    assert!(log.text().contains("CheckoutLayer is missing"));
}

#[test]
fn an_error_is_a_text_in_the_resources_of_a_page() {
    let text = r#""busy 0123456789abcdef0123456789abcdef""#;
    let error: CheckoutError = serde_json::from_str(text).unwrap();
    assert_eq!(error.problem(), CheckoutProblem::Busy);
    assert_eq!(error.reference(), Some("0123456789abcdef0123456789abcdef"));
    assert_eq!(serde_json::to_string(&error).unwrap(), text);
    let later: CheckoutError = serde_json::from_str(r#""of_a_later_version ""#).unwrap();
    assert_eq!(later, CheckoutProblem::Internal.into());
}
