//! An application below a path: in a nested router, and behind a proxy that strips the path.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, Uri},
    routing::get,
};
use kelviq_leptos::{CheckoutButton, CheckoutLayer, CheckoutStatus};
use leptos::prelude::*;
use leptos_axum::render_app_async;
use leptos_router::{
    components::{Route, Router as PageRouter, Routes},
    path,
};

use crate::{
    status::order,
    support::{Store, action, form, form_html, with, without},
};

/// Adds a page that shows no order.
fn with_status(router: Router) -> Router {
    let page = || view! { <CheckoutStatus order=order let:order>{order}</CheckoutStatus> };
    router.route("/thanks", get(render_app_async(page)))
}

/// Buys on the page at `{prefix}/plans` as a browser does. A proxy strips `stripped` from each path.
async fn buy_below(store: &Store, prefix: &str, stripped: &str) {
    let at_server = |path: &str| {
        let path = path.strip_prefix(stripped);
        path.unwrap_or_else(|| panic!("not below {stripped}"))
            .to_owned()
    };
    let plans = format!("{prefix}/plans");
    let page = store
        .page(&at_server(&format!("{plans}?period=year")))
        .await;
    for (name, fields) in [("pro", "offer=pro"), ("seats", "seats=3")] {
        let url = action(&page, name);
        assert!(url.starts_with(&format!("{prefix}/api/")), "{url}");
        let url = at_server(&url);
        let response = store.send(form(&url, fields)).await;
        assert!(response.location().contains("/checkout/cs_"));

        // The error is shown on the same page.
        let request = with(form(&url, fields), "sec-fetch-site", "cross-site");
        let response = store.send(request).await;
        assert_eq!(
            response.error_page().0,
            format!("{plans}?period=year&kelviq_failed={name}&kelviq_error=cross_site")
        );
        let failed = store.page(&at_server(response.location())).await;
        assert!(form_html(&failed, name).contains(r#"role="alert""#));
        assert!(action(&failed, name).ends_with("%2Fplans%3Fperiod%3Dyear"));
    }
    // A buyer who must sign in returns to the same page.
    let url = at_server(&action(&page, "pro"));
    let response = store.send(without(form(&url, "offer=pro"), "x-user")).await;
    let next = response.location().split_once("next=").unwrap().1;
    assert!(next.ends_with("%2Fplans%3Fperiod%3Dyear"), "{next}");
    assert!(next.starts_with(&prefix.replace('/', "%2F")), "{next}");
    // A page that is not one of the shop is replaced by the start.
    let url = format!("{prefix}/api/kelviq/checkout?kelviq_form=pro&kelviq_page=x");
    let response = store.send(form(&at_server(&url), "offer=gone")).await;
    let start = format!("{prefix}/?kelviq_failed=pro&kelviq_error=unknown_offer");
    assert_eq!(response.error_page().0, start);
    // The success page links to itself.
    let page = store.page(&at_server(&format!("{prefix}/thanks"))).await;
    let link = format!(r#"<a href="{prefix}/thanks" rel="external">"#);
    assert!(page.contains(&link), "{page}");
}

#[tokio::test]
async fn a_layer_works_in_a_nested_router() {
    for prefix in ["/shop", "/a/shop"] {
        let store = Store::with_layer(|router, offers| {
            let shop = with_status(router).layer(CheckoutLayer::new(offers));
            Router::new().nest(prefix, shop)
        })
        .await;
        buy_below(&store, prefix, "").await;
    }
    let store = Store::with_layer(|router, offers| {
        let shop = with_status(router).layer(CheckoutLayer::new(offers));
        Router::new().nest("/{locale}", shop)
    })
    .await;
    buy_below(&store, "/de", "").await;
    buy_below(&store, "/fr", "").await;
}

#[tokio::test]
async fn a_layer_works_behind_a_proxy_that_strips_a_prefix() {
    for public_url in [
        "https://app.example.com/shop",
        "https://app.example.com/shop/",
    ] {
        let store = Store::at(
            public_url,
            |shop| shop,
            |router, offers| with_status(router).layer(CheckoutLayer::new(offers)),
        )
        .await;
        buy_below(&store, "/shop", "/shop").await;
    }
}

#[tokio::test]
async fn a_proxy_can_strip_a_prefix_of_a_nested_router() {
    let store = Store::at(
        "https://app.example.com/shop",
        |shop| shop,
        |router, offers| {
            let shop = with_status(router).layer(CheckoutLayer::new(offers));
            Router::new().nest("/de", shop)
        },
    )
    .await;
    buy_below(&store, "/shop/de", "/shop").await;
}

/// The pages of an application whose router has a base path.
#[component]
fn PagesBelowBase() -> impl IntoView {
    view! {
        <PageRouter base="/shop">
            <Routes fallback=|| "not found">
                <Route path=path!("/plans") view=|| view! { <CheckoutButton offer="pro">"Buy"</CheckoutButton> }/>
            </Routes>
        </PageRouter>
    }
}

#[tokio::test]
async fn the_router_of_an_application_can_have_a_base_path() {
    let store = Store::with_layer(|router, offers| {
        let page = get(render_app_async(|| view! { <PagesBelowBase/> }));
        router
            .route("/shop/plans", page)
            .layer(CheckoutLayer::new(offers))
    })
    .await;
    let url = action(&store.page("/shop/plans").await, "pro");
    assert!(url.starts_with("/api/"), "{url}");
    let response = store.send(form(&url, "offer=pro")).await;
    assert!(response.location().contains("/checkout/cs_"));

    let response = store.send(form(&url, "offer=gone")).await;
    let failed = "/shop/plans?kelviq_failed=pro&kelviq_error=unknown_offer";
    assert_eq!(response.error_page().0, failed);
    let page = store.page(response.location()).await;
    assert!(form_html(&page, "pro").contains(r#"role="alert""#));
}

#[tokio::test]
async fn a_proxy_can_keep_a_prefix_that_the_application_nests_at() {
    let store = Store::at(
        "https://app.example.com/shop",
        |shop| shop,
        |router, offers| {
            let shop = with_status(router).layer(CheckoutLayer::new(offers));
            Router::new().nest("/shop", shop)
        },
    )
    .await;
    buy_below(&store, "/shop", "").await;
}

/// The forms post to the router with the layer, and it is not below the prefix.
#[tokio::test]
async fn a_layer_around_nested_pages_posts_to_its_own_router() {
    let store = Store::with_layer(|router, offers| {
        let pages = router.clone();
        router
            .nest("/shop", pages)
            .layer(CheckoutLayer::new(offers))
    })
    .await;
    let page = store.page("/shop/plans").await;
    let url = action(&page, "pro");
    assert_eq!(
        url,
        "/api/kelviq/checkout?kelviq_form=pro&kelviq_page=%2Fshop%2Fplans"
    );
    let response = store.send(form(&url, "offer=gone")).await;
    assert!(response.location().starts_with("/shop/plans?"));
    // A script whose server URL is /shop calls the nested server function.
    for accept in ["text/html", "application/json"] {
        let fields = "offer=storage&quantity[10gb]=2";
        let request = with(form(&format!("/shop{url}"), fields), "accept", accept);
        let response = store.send(request).await;
        assert_ne!(response.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let checkout = store.kelviq.checkouts().pop().unwrap();
        assert_eq!(checkout.fields["planIdentifier"], "storage");
    }
}

#[tokio::test]
async fn no_path_makes_a_form_post_to_another_host() {
    /// Rewrites `//evil.example/plans`, as a middleware that selects a language can do.
    async fn rewrite(
        mut request: Request<Body>,
        next: axum::middleware::Next,
    ) -> axum::response::Response {
        *request.uri_mut() = Uri::from_static("/plans");
        next.run(request).await
    }
    let store = Store::with_layer(|router, offers| {
        let pages = router.layer(CheckoutLayer::new(offers));
        Router::new()
            .fallback_service(pages)
            .layer(axum::middleware::from_fn(rewrite))
    })
    .await;
    let page = store.page("//evil.example/plans").await;
    assert!(action(&page, "pro").starts_with("/api/kelviq/checkout?"));
}
