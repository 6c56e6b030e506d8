//! The extractor for routes that need a feature.

use axum::{
    Router,
    body::Body,
    extract::{FromRef, Request},
    http::{Method, StatusCode},
    middleware::{Next, from_fn_with_state, map_response},
    response::{Html, Response},
    routing::{any, get},
};
use kelviq_axum::{Access, CheckoutProblem, Page, Rejection, Shop};
use serde_json::{Value, json};
use tokio::time::pause;

use super::upstream::{Reply, Upstream};
use crate::support::{TestResponse, buyer::User, log::Log, send, with};

#[derive(Clone, FromRef)]
struct App {
    shop: Shop,
}

async fn reports(access: Access<User>) -> Result<&'static str, Rejection> {
    access.require("analytics").await?;
    Ok("the reports")
}

async fn count(access: Access<User>) -> Result<String, Rejection> {
    let entitlements = access.entitlements().await?;
    Ok(entitlements.entitlements.len().to_string())
}

async fn analytics_only(
    access: Access<User>,
    request: Request,
    next: Next,
) -> Result<Response, Rejection> {
    access.require("analytics").await?;
    Ok(next.run(request).await)
}

fn app(shop: Shop) -> Router {
    let state = App { shop };
    let admin = Router::new()
        .route("/exports", get("the exports"))
        .route_layer(from_fn_with_state(state.clone(), analytics_only));
    Router::new()
        .route("/reports", any(reports))
        .route("/count", get(count))
        .nest("/admin", admin)
        .with_state(state)
}

/// A page that a browser opens.
fn open(path: &str) -> Request {
    Request::get(path)
        .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-site", "cross-site") // a link in a mail
        .body(Body::empty())
        .unwrap()
}

fn member(path: &str) -> Request {
    with(open(path), "x-user", "cust_1")
}

fn htmx(request: Request) -> Request {
    with(request, "hx-request", "true")
}

fn json(request: Request) -> Request {
    with(request, "accept", "application/json")
}

fn error(response: &TestResponse) -> Value {
    serde_json::from_str(&response.body).unwrap()
}

#[tokio::test]
async fn a_route_is_open_to_a_customer_with_the_feature() {
    let kelviq = Upstream::start().await;
    let app = app(kelviq.shop());
    kelviq.grant(&["analytics", "export"]);
    for method in [Method::GET, Method::POST, Method::DELETE] {
        let mut request = member("/reports");
        *request.method_mut() = method;
        assert_eq!(send(&app, request).await.body, "the reports");
    }
    assert_eq!(
        send(&app, member("/admin/exports")).await.body,
        "the exports"
    );
    assert_eq!(send(&app, member("/count")).await.body, "2");
    assert_eq!(kelviq.requests(), 1);
}

#[tokio::test]
async fn a_feature_that_is_not_included_is_403_as_page_json_or_fragment() {
    let kelviq = Upstream::start().await;
    let app = app(kelviq.shop());
    kelviq.reply(Reply::Features(vec![
        ("analytics", false),
        ("export", true),
    ]));
    let message = "Your plan does not include this.";
    for path in ["/reports", "/admin/exports"] {
        let log = Log::start();
        let page = send(&app, member(path)).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(page.body.contains("<h1>Not included in your plan</h1>"));
        assert!(page.body.contains(message) && !page.body.contains("Reference"));
        let lines = log.with("feature=\"analytics\"");
        assert!(
            lines.len() == 1 && lines[0].starts_with("INFO"),
            "{lines:?}"
        );
        assert!(!lines[0].contains("cust_1"), "{lines:?}");
    }
    let script = send(&app, json(member("/reports"))).await;
    assert_eq!(script.status, StatusCode::FORBIDDEN);
    assert_eq!(script.header("cache-control"), "no-store");
    let body = json!({"error": "feature_not_included", "message": message, "reference": null});
    assert_eq!(error(&script), body);
    let fragment = send(&app, htmx(member("/reports"))).await;
    assert_eq!(fragment.status, StatusCode::FORBIDDEN);
    assert_eq!(fragment.body, format!("<p role=\"alert\">{message}</p>\n"));
}

#[tokio::test]
async fn an_application_replaces_the_page() {
    async fn upgrade(response: Response) -> Response {
        match Page::of(&response) {
            Some(Page::Error(rejection))
                if rejection.problem() == CheckoutProblem::FeatureNotIncluded =>
            {
                Page::replace(response, Html("<h1>Upgrade</h1>"))
            }
            _ => response,
        }
    }
    let kelviq = Upstream::start().await;
    let app = app(kelviq.shop()).layer(map_response(upgrade));
    let page = send(&app, member("/reports")).await;
    assert_eq!(page.body, "<h1>Upgrade</h1>");
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_buyer_without_a_customer_id_has_no_entitlements() {
    let kelviq = Upstream::start().await;
    let app = app(kelviq.shop());
    kelviq.grant(&["analytics"]);
    let nobody = |path| with(open(path), "x-user", "nobody");
    assert_eq!(
        send(&app, nobody("/reports")).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(send(&app, nobody("/count")).await.body, "0");
    assert_eq!(kelviq.requests(), 0);
}

#[tokio::test]
async fn a_visitor_signs_in_and_returns_to_the_page() {
    let kelviq = Upstream::start().await;
    let app = app(kelviq.shop());
    for (path, next) in [
        ("/reports", "?next=%2Freports"),
        ("/reports?", "?next=%2Freports"),
        (
            "/reports?month=5&q=a%20b",
            "?next=%2Freports%3Fmonth%3D5%26q%3Da%2520b",
        ),
        (
            "/admin/exports?page=2",
            "?next=%2Fadmin%2Fexports%3Fpage%3D2",
        ),
    ] {
        let page = send(&app, open(path)).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert_eq!(page.header("location"), format!("/sign-in{next}"));
        assert_eq!(page.header("cache-control"), "no-store");
        let boosted = with(htmx(open(path)), "hx-boosted", "true");
        let boosted = send(&app, boosted).await;
        assert_eq!(boosted.header("hx-redirect"), format!("/sign-in{next}"));
    }
    assert_eq!(kelviq.requests(), 0);

    // What is not a page cannot be returned to.
    let mut post = open("/reports");
    *post.method_mut() = Method::POST;
    assert_eq!(send(&app, post).await.header("location"), "/sign-in");
    let fragment = send(&app, htmx(open("/reports"))).await;
    assert_eq!(fragment.header("hx-redirect"), "/sign-in");
    let script = send(&app, json(open("/reports"))).await;
    assert_eq!(script.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        error(&script),
        json!({"error": "sign_in", "signInUrl": "/sign-in"})
    );
}

#[tokio::test]
async fn the_return_path_has_the_prefix_that_a_proxy_strips() {
    let kelviq = Upstream::start().await;
    let shop = Shop::new(kelviq.shop().kelviq().clone(), "https://example.com/shop").unwrap();
    let page = send(&app(shop), open("/reports?month=5")).await;
    let location = "/sign-in?next=%2Fshop%2Freports%3Fmonth%3D5";
    assert_eq!(page.header("location"), location);
}

#[tokio::test]
async fn the_home_page_below_a_prefix_is_returned_to() {
    let kelviq = Upstream::start().await;
    let shop = Shop::new(kelviq.shop().kelviq().clone(), "https://example.com/shop").unwrap();
    let home = Router::new()
        .route("/", get(reports))
        .with_state(App { shop });
    let app = Router::new().nest("/shop", home);
    let page = send(&app, open("/shop?month=5")).await;
    let location = "/sign-in?next=%2Fshop%3Fmonth%3D5";
    assert_eq!(page.header("location"), location);
}

#[tokio::test]
async fn an_error_of_kelviq_has_a_message_for_a_page_and_its_cause_is_logged() {
    let kelviq = Upstream::start().await;
    let app = app(kelviq.shop());
    let later = "We could not check what your plan includes. Please try again later.";
    let soon = "We could not check what your plan includes. Please try again in a moment.";
    let busy = Reply::TooManyRequests { retry_after: 7 };
    for (reply, status, message, retry_after) in [
        (Reply::Status(401), 502, later, ""),
        (Reply::Status(500), 502, later, ""),
        (Reply::Status(504), 504, soon, ""),
        (busy, 503, later, "7"),
    ] {
        kelviq.reply(reply);
        let log = Log::start();
        let page = send(&app, member("/reports")).await;
        assert_eq!(page.status.as_u16(), status);
        assert_eq!(page.header("retry-after"), retry_after);
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(page.body.contains("<h1>Page not available</h1>"));
        assert!(page.body.contains(message), "{}", page.body);
        let (_, reference) = page.body.split_once("Reference: <code>").unwrap();
        let lines = log.with(&reference[..32]);
        assert!(
            lines.len() == 1 && lines[0].starts_with("ERROR"),
            "{lines:?}"
        );
        assert!(lines[0].contains("127.0.0.1"), "the cause: {lines:?}");
    }
    let script = error(&send(&app, json(member("/reports"))).await);
    assert_eq!(
        (&script["error"], &script["message"]),
        (&"busy".into(), &later.into())
    );

    let _held = kelviq.hold();
    pause();
    let page = send(&app, member("/reports")).await;
    assert_eq!(page.status, StatusCode::GATEWAY_TIMEOUT);
    assert!(page.body.contains(soon));
}
