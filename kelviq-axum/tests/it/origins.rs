//! Requests of other origins, and the CORS layer.

use crate::support::{TestResponse, buyer::User, form, send, with};
use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode},
    routing::post,
};
use kelviq_axum::{
    Checkout, CheckoutRedirect, Offer, Offers, Rejection, Shop,
    fake::{FakeKelviq, Fault},
    kelviq_core::{ChargePeriod, Kelviq},
    portal, routes,
};

const LISTED: &str = "https://app.example.com";
const SALES: [&str; 3] = ["/checkout/pro", "/buy", "/billing"];

async fn buy(checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
    let plan = checkout.plan("pro", ChargePeriod::Monthly);
    plan.customer("cust_1").redirect().await
}

fn app(shop: Shop) -> Router {
    let offers = Offers::builder(shop.clone())
        .offer("pro", Offer::plan("pro", ChargePeriod::Monthly))
        .sold_to::<User>()
        .build()
        .unwrap();
    let cors = shop.cors();
    Router::new()
        .route("/buy", post(buy))
        .with_state(shop.clone())
        .route("/billing", portal::<User, _>(shop))
        .nest("/checkout", routes(offers))
        .layer(cors)
}

fn shop(kelviq: &FakeKelviq) -> Shop {
    let shop = Shop::new(kelviq.client(), "https://api.example.com").unwrap();
    shop.allow_origin(LISTED).unwrap()
}

/// Creates the request that `fetch` sends from a page of another site.
fn fetch(path: &str, origin: &str) -> Request<Body> {
    let mut request = with(form(path, ""), "origin", origin);
    for (name, value) in [
        ("accept", "*/*"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-site", "cross-site"),
        ("x-user", "cust_1"),
    ] {
        request = with(request, name, value);
    }
    request
}

fn assert_readable(response: &TestResponse, origin: &str) {
    let name = "access-control-allow-origin";
    assert_eq!(response.header(name), origin, "{response:?}");
    let name = "access-control-allow-credentials";
    assert_eq!(response.header(name), "true", "{response:?}");
    let vary = response.header("vary");
    assert!(vary.to_lowercase().contains("origin"), "{vary}");
}

#[tokio::test]
async fn a_listed_origin_sells_and_opens_the_portal_and_no_other() {
    let kelviq = FakeKelviq::start().await;
    let app = app(shop(&kelviq));
    for path in SALES {
        let response = send(&app, fetch(path, LISTED)).await;
        assert_eq!(response.status, StatusCode::OK, "{path}");
        assert_readable(&response, LISTED);
        // The portal opens for a customer who has paid.
        let _ = kelviq.pay(&kelviq.checkouts()[0].id);
    }
    let before = kelviq.checkouts().len();
    for origin in [
        "https://app.example.com:443",
        "https://app.example.com/",
        "https://app.example.com.evil.example",
        "https://evil.example",
        "http://app.example.com",
        "HTTPS://APP.EXAMPLE.COM",
        "null",
        "*",
        "",
    ] {
        for path in SALES {
            let response = send(&app, fetch(path, origin)).await;
            assert_eq!(response.status, StatusCode::FORBIDDEN, "{path} {origin}");
            assert_eq!(response.header("access-control-allow-origin"), "");
            assert!(response.body.contains("\"cross_site\""));
        }
    }
    let mut two = fetch("/checkout/pro", LISTED);
    let evil = "https://evil.example".parse().unwrap();
    two.headers_mut().append("origin", evil);
    assert_eq!(send(&app, two).await.status, StatusCode::FORBIDDEN);
    assert_eq!(kelviq.checkouts().len(), before);
}

#[tokio::test]
async fn a_form_of_a_listed_origin_is_redirected_and_an_old_browser_is_accepted() {
    let kelviq = FakeKelviq::start().await;
    let app = app(shop(&kelviq));
    let mut plain = with(form("/checkout/pro", ""), "x-user", "cust_1");
    plain = with(plain, "origin", LISTED);
    for site in ["cross-site", "same-site"] {
        let mut request = with(form("/checkout/pro", ""), "x-user", "cust_1");
        request = with(request, "origin", LISTED);
        let response = send(&app, with(request, "sec-fetch-site", site)).await;
        assert_eq!(response.status, StatusCode::SEE_OTHER, "{site}");
    }
    plain.headers_mut().remove("sec-fetch-site");
    assert_eq!(send(&app, plain).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_shop_on_loopback_accepts_a_listed_origin() {
    let kelviq = FakeKelviq::start().await;
    let origin = "http://127.0.0.1:5173";
    let shop = Shop::on_loopback(kelviq.client());
    let app = app(shop.allow_origin(origin).unwrap());
    let request = |origin| with(fetch("/buy", origin), "host", "localhost:3000");
    assert_eq!(send(&app, request(origin)).await.status, StatusCode::OK);
    let other = send(&app, request("http://127.0.0.1:5174")).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_preflight_permits_what_the_routes_need_and_only_to_a_listed_origin() {
    let kelviq = FakeKelviq::start().await;
    let app = app(shop(&kelviq));
    for path in SALES {
        let preflight = |origin| {
            let request = Request::builder()
                .method(Method::OPTIONS)
                .uri(path)
                .header("origin", origin)
                .header("access-control-request-method", "POST")
                .header("access-control-request-headers", "content-type");
            request.body(Body::empty()).unwrap()
        };
        let response = send(&app, preflight(LISTED)).await;
        assert_eq!(response.status, StatusCode::OK);
        assert_readable(&response, LISTED);
        assert_eq!(response.header("access-control-allow-methods"), "POST");
        let headers = response.header("access-control-allow-headers");
        for header in ["accept", "content-type", "hx-request"] {
            assert!(headers.contains(header), "{headers}");
        }
        for origin in ["https://evil.example", "null", "*"] {
            let response = send(&app, preflight(origin)).await;
            assert_eq!(response.header("access-control-allow-origin"), "");
        }
    }
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn a_script_of_a_listed_origin_can_read_every_error() {
    let kelviq = FakeKelviq::start().await;
    let app = app(shop(&kelviq));
    let mut get = fetch("/checkout/pro", LISTED);
    *get.method_mut() = Method::GET;
    let text = with(fetch("/checkout/pro", LISTED), "content-type", "text/plain");
    let (parts, _) = text.into_parts();
    let text = Request::from_parts(parts, Body::from("{}"));
    let mut signed_out = fetch("/checkout/pro", LISTED);
    signed_out.headers_mut().remove("x-user");
    for (request, status) in [
        (fetch("/checkout/gone", LISTED), 404),
        (get, 405),
        (text, 415),
        (signed_out, 401),
    ] {
        let response = send(&app, request).await;
        assert_eq!(response.status.as_u16(), status);
        assert_readable(&response, LISTED);
    }
    kelviq.inject_next(Fault::TooManyRequests {
        retry_after: std::time::Duration::from_secs(60),
    });
    let busy = send(&app, fetch("/checkout/pro", LISTED)).await;
    assert_eq!(busy.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_readable(&busy, LISTED);
    let exposed = busy.header("access-control-expose-headers");
    assert!(exposed.contains("retry-after"), "{exposed}");
}

#[tokio::test]
async fn an_origin_that_is_not_exact_is_an_error_that_names_the_setting() {
    let kelviq = FakeKelviq::start().await;
    for (origin, expected) in [
        ("", "https://app.example.com"),
        ("*", "* are not allowed"),
        ("null", "null and *"),
        ("app.example.com", "http or https"),
        ("ftp://app.example.com", "http or https"),
        ("https://*.example.com", "http or https"),
        ("chrome-extension://abc", "http or https"),
        ("https://app.example.com/", "use https://app.example.com"),
        (
            "https://app.example.com/shop",
            "use https://app.example.com",
        ),
        ("https://app.example.com?x", "use https://app.example.com"),
        ("https://app.example.com:443", "use https://app.example.com"),
        ("https://APP.example.com", "use https://app.example.com"),
        (" https://app.example.com", "use https://app.example.com"),
        (
            "https://me:secret@app.example.com",
            "use https://app.example.com",
        ),
        (
            "https://bücher.example",
            "use https://xn--bcher-kva.example",
        ),
        ("https://your-domain.com", "placeholder"),
    ] {
        let shop = Shop::new(kelviq.client(), "https://api.example.com").unwrap();
        let error = shop.allow_origin(origin).unwrap_err().to_string();
        assert!(error.starts_with("Shop::allow_origin: "), "{error}");
        assert!(error.contains(expected), "{origin}: {error}");
        assert!(!error.contains("secret"), "{error}");
    }
    for origin in ["http://app.example.com", "http://[::1]:8080", LISTED] {
        let shop = Shop::new(kelviq.client(), "https://api.example.com").unwrap();
        assert!(shop.allow_origin(origin).is_ok(), "{origin}");
    }
    let production = Kelviq::builder("server-test")
        .environment(kelviq_axum::kelviq_core::Environment::Production)
        .build()
        .unwrap();
    let shop = Shop::new(production, "https://api.example.com").unwrap();
    let error = shop.clone().allow_origin("http://app.example.com");
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("https in production")
    );
    assert!(shop.allow_origin(LISTED).is_ok());
}
