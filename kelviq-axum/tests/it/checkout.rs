//! The checkout extractor: its responses to valid and invalid requests, and to faults of Kelviq.

use std::{net::SocketAddr, time::Duration};

use crate::support::{form, log::Log, send, with};
use axum::{
    Router,
    extract::ConnectInfo,
    http::{HeaderName, StatusCode},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::{any, post},
};
use kelviq_axum::{
    Checkout, CheckoutRedirect, Rejection, Shop,
    fake::{FakeKelviq, Fault},
    kelviq_core::{ChargePeriod, Environment, Kelviq, Metadata},
};

async fn buy(checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
    checkout
        .plan("pro", ChargePeriod::Monthly)
        .success_path("/thanks")
        .redirect()
        .await
}

fn app(shop: Shop) -> Router {
    Router::new().route("/buy", any(buy)).with_state(shop)
}

fn public(kelviq: Kelviq) -> Router {
    app(Shop::new(kelviq, "https://app.example.com").unwrap())
}

#[tokio::test]
async fn a_form_gets_303_and_a_script_gets_json() {
    let kelviq = FakeKelviq::start().await;
    let app = public(kelviq.client());
    for (accept, is_json) in [
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            false,
        ),
        ("*/*", false),
        ("text/html, application/json", false),
        ("application/json", true),
        ("application/json, text/plain, */*", true),
        ("Application/JSON;q=1", true),
        ("application/json;q=0, text/html", false),
        ("application/json; q=0.0", false),
    ] {
        let response = send(&app, with(form("/buy", ""), "accept", accept)).await;
        assert_eq!(response.header("cache-control"), "no-store");
        let checkout = kelviq.checkouts().pop().unwrap();
        if is_json {
            assert_eq!(response.status, StatusCode::OK, "{accept}");
            let body: serde_json::Value = serde_json::from_str(&response.body).unwrap();
            assert_eq!(body["checkoutSessionId"], checkout.id);
            assert!(body["checkoutUrl"].as_str().unwrap().contains(&checkout.id));
        } else {
            assert_eq!(response.status, StatusCode::SEE_OTHER, "{accept}");
            assert!(response.header("location").contains(&checkout.id));
        }
    }
}

#[tokio::test]
async fn for_every_fault_of_kelviq_the_buyer_gets_a_fixed_message() {
    let kelviq = FakeKelviq::start().await;
    let client = Kelviq::builder(kelviq.api_key())
        .base_url(kelviq.base_url())
        .timeout(Duration::from_secs(1))
        .build()
        .unwrap();
    let app = public(client);
    let busy = Fault::TooManyRequests {
        retry_after: Duration::from_secs(60),
    };
    for (upstream, status, code) in [
        (Fault::Error(400), StatusCode::BAD_GATEWAY, "upstream"),
        (Fault::Error(401), StatusCode::BAD_GATEWAY, "upstream"),
        (Fault::Error(403), StatusCode::BAD_GATEWAY, "upstream"),
        (Fault::Error(422), StatusCode::BAD_GATEWAY, "upstream"),
        (Fault::Error(500), StatusCode::BAD_GATEWAY, "upstream"),
        (Fault::Error(504), StatusCode::GATEWAY_TIMEOUT, "timeout"),
        (busy, StatusCode::SERVICE_UNAVAILABLE, "busy"),
        (Fault::Html, StatusCode::BAD_GATEWAY, "upstream"),
        (Fault::Redirect, StatusCode::BAD_GATEWAY, "upstream"),
        (Fault::HalfBody, StatusCode::BAD_GATEWAY, "upstream"),
        (Fault::Nothing, StatusCode::GATEWAY_TIMEOUT, "timeout"),
        (
            Fault::CheckoutUrl(String::new()),
            StatusCode::BAD_GATEWAY,
            "upstream",
        ),
        (
            Fault::CheckoutUrl("not a url".into()),
            StatusCode::BAD_GATEWAY,
            "upstream",
        ),
        (
            Fault::CheckoutUrl("https://evil.example/".into()),
            StatusCode::BAD_GATEWAY,
            "upstream",
        ),
        (
            Fault::CheckoutUrl("https://kelviq.com@evil.example/".into()),
            StatusCode::BAD_GATEWAY,
            "upstream",
        ),
        (
            Fault::CheckoutUrl("http://kelviq.com/".into()),
            StatusCode::BAD_GATEWAY,
            "upstream",
        ),
        (
            Fault::CheckoutUrl("javascript:alert(1)".into()),
            StatusCode::BAD_GATEWAY,
            "upstream",
        ),
    ] {
        kelviq.inject_always(upstream.clone());
        let page = send(&app, form("/buy", "")).await;
        assert_eq!(page.status, status, "{upstream:?}");
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(page.header("content-type").starts_with("text/html"));
        assert!(
            page.body.contains("You have not been charged"),
            "{}",
            page.body
        );
        assert!(
            !page.body.contains("evil") && !page.body.contains("127.0.0.1"),
            "{}",
            page.body
        );

        let script = send(&app, with(form("/buy", ""), "accept", "application/json")).await;
        assert_eq!(script.status, status);
        let body: serde_json::Value = serde_json::from_str(&script.body).unwrap();
        assert_eq!(body["error"], code);
        assert_eq!(body["reference"].as_str().unwrap().len(), 32);
        let retry_after = if code == "busy" { "60" } else { "" };
        assert_eq!(page.header("retry-after"), retry_after);
    }
}

#[tokio::test]
async fn a_kelviq_that_is_down_is_502() {
    let client = Kelviq::builder("server-test")
        .base_url("http://127.0.0.1:1")
        .max_retries(0)
        .build()
        .unwrap();
    let response = send(&public(client), form("/buy", "")).await;
    assert_eq!(response.status, StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn a_post_from_another_site_starts_no_checkout() {
    let kelviq = FakeKelviq::start().await;
    let app = public(kelviq.client());
    for (site, origin, allowed) in [
        ("same-origin", "", true),
        ("none", "", true),
        ("same-origin", "null", true),
        ("cross-site", "", false),
        ("same-site", "", false),
        ("cross-site", "https://app.example.com", false),
        ("nonsense", "", false),
        ("", "https://app.example.com", true),
        ("", "https://app.example.com:443", false),
        ("", "https://evil.example@app.example.com", false),
        ("", "https://app.example.com/", false),
        ("", "http://app.example.com", false),
        ("", "https://evil.example", false),
        ("", "null", false),
        ("", "", true),
    ] {
        let before = kelviq.checkouts().len();
        let mut request = form("/buy", "");
        request.headers_mut().remove("sec-fetch-site");
        for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
            if !value.is_empty() {
                request = with(request, name, value);
            }
        }
        let response = send(&app, request).await;
        let status = if allowed {
            StatusCode::SEE_OTHER
        } else {
            StatusCode::FORBIDDEN
        };
        assert_eq!(response.status, status, "{site:?} {origin:?}");
        assert_eq!(kelviq.checkouts().len() - before, usize::from(allowed));
    }
}

#[tokio::test]
async fn only_post_starts_a_checkout_unless_the_shop_sells_on_any_method() {
    let kelviq = FakeKelviq::start().await;
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let (strict, any) = (app(shop.clone()), app(shop.sell_on_any_method()));
    for method in ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"] {
        for (name, value) in [
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "none"),
            ("sec-purpose", "prefetch"),
        ] {
            let request = || {
                let mut request = with(form("/buy", ""), name, value);
                *request.method_mut() = method.parse().unwrap();
                request
            };
            let before = kelviq.checkouts().len();
            let page = send(&strict, request()).await;
            assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
            assert_eq!(page.header("allow"), "POST", "{method}");
            assert_eq!(page.header("cache-control"), "no-store", "{method}");
            assert_eq!(kelviq.checkouts().len(), before, "{method}");

            let page = send(&any, request()).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{method}");
            assert_eq!(kelviq.checkouts().len(), before + 1, "{method}");
        }
    }
    let mut image = with(form("/buy", ""), "sec-fetch-site", "cross-site");
    *image.method_mut() = axum::http::Method::GET;
    let image = with(image, "accept", "application/json");
    let response = send(&strict, image).await;
    assert_eq!(response.status, StatusCode::METHOD_NOT_ALLOWED);
    let body: serde_json::Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!(body["error"], "method_not_allowed");
}

#[tokio::test]
async fn the_public_url_is_never_taken_from_the_request() {
    let kelviq = FakeKelviq::start().await;
    let app = public(kelviq.client());
    let mut request = with(form("/buy", ""), "host", "evil.example");
    for name in ["x-forwarded-host", "forwarded", "x-forwarded-proto"] {
        request = with(request, name, "evil.example");
    }
    send(&app, request).await;
    let success_url = kelviq.checkouts()[0].fields["successUrl"].clone();
    assert!(
        success_url
            .as_str()
            .unwrap()
            .starts_with("https://app.example.com/thanks?reference=")
    );
}

#[tokio::test]
async fn without_a_public_url_only_loopback_is_served() {
    let kelviq = FakeKelviq::start().await;
    let app = app(Shop::on_loopback(kelviq.client()));
    for host in [
        "127.0.0.1:3000",
        "localhost:8080",
        "[::1]:3000",
        "127.0.0.1",
    ] {
        let response = send(&app, with(form("/buy", ""), "host", host)).await;
        assert_eq!(response.status, StatusCode::SEE_OTHER, "{host}");
        let success_url = kelviq.checkouts().pop().unwrap().fields["successUrl"].clone();
        let expected = format!("http://{host}/thanks?reference=");
        assert!(
            success_url.as_str().unwrap().starts_with(&expected),
            "{success_url}"
        );
    }
    let before = kelviq.checkouts().len();
    for host in [
        "evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "10.0.0.1",
        "localhost/x",
        "",
        "::1",
    ] {
        let response = send(&app, with(form("/buy", ""), "host", host)).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST, "{host}");
    }
    for name in ["x-forwarded-for", "x-forwarded-host", "forwarded", "via"] {
        let request = with(with(form("/buy", ""), "host", "127.0.0.1:3000"), name, "x");
        assert_eq!(
            send(&app, request).await.status,
            StatusCode::BAD_REQUEST,
            "{name}"
        );
    }
    let mut remote = form("/buy", "");
    let peer: SocketAddr = "8.8.4.4:1234".parse().unwrap();
    remote.extensions_mut().insert(ConnectInfo(peer));
    assert_eq!(send(&app, remote).await.status, StatusCode::BAD_REQUEST);
    let mut no_host = form("/buy", "");
    no_host.headers_mut().remove("host");
    assert_eq!(send(&app, no_host).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(kelviq.checkouts().len(), before);
}

#[tokio::test]
async fn without_a_public_url_another_origin_than_the_requests_own_is_refused() {
    let kelviq = FakeKelviq::start().await;
    let app = app(Shop::on_loopback(kelviq.client()).sell_on_any_method());
    let sold = StatusCode::SEE_OTHER;
    let (wrong_address, cross_site) = (StatusCode::BAD_REQUEST, StatusCode::FORBIDDEN);
    for (host, site, origin, status) in [
        (
            "127.0.0.1:3000",
            "same-origin",
            "http://127.0.0.1:3000",
            sold,
        ),
        (
            "localhost:3000",
            "same-origin",
            "http://localhost:3000",
            sold,
        ),
        ("[::1]:3000", "same-origin", "http://[::1]:3000", sold),
        ("localhost:80", "", "http://localhost", sold),
        ("localhost:3000", "same-origin", "null", sold),
        ("localhost:3000", "same-origin", "", sold),
        ("localhost:3000", "", "", sold),
        (
            "localhost:3000",
            "same-origin",
            "https://shop.example",
            wrong_address,
        ),
        (
            "localhost:3000",
            "none",
            "https://shop.example",
            wrong_address,
        ),
        (
            "localhost:3000",
            "same-origin",
            "http://127.0.0.1:3000",
            wrong_address,
        ),
        (
            "localhost:3000",
            "same-origin",
            "https://localhost:3000",
            wrong_address,
        ),
        (
            "localhost:3000",
            "same-origin",
            "http://localhost",
            wrong_address,
        ),
        ("localhost:3000", "none", "null", wrong_address),
        ("localhost:3000", "", "null", cross_site),
        ("localhost:3000", "", "https://shop.example", cross_site),
        (
            "localhost:3000",
            "cross-site",
            "https://shop.example",
            cross_site,
        ),
    ] {
        for method in ["POST", "GET"] {
            let before = kelviq.checkouts().len();
            let mut request = with(form("/buy", ""), "host", host);
            *request.method_mut() = method.parse().unwrap();
            request.headers_mut().remove("sec-fetch-site");
            for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
                if !value.is_empty() {
                    request = with(request, name, value);
                }
            }
            // The check for other sites does not apply to GET.
            let status = match (method, status) {
                ("GET", StatusCode::FORBIDDEN) => wrong_address,
                _ => status,
            };
            let response = send(&app, request).await;
            assert_eq!(response.status, status, "{method} {host} {site} {origin}");
            let created = kelviq.checkouts().len() - before;
            assert_eq!(
                created,
                usize::from(status == sold),
                "{host} {site} {origin}"
            );
        }
    }
}

#[tokio::test]
async fn invalid_parameters_of_a_handler_are_500_and_nothing_is_sent() {
    async fn outside(checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
        let plan = checkout.plan("pro", ChargePeriod::Monthly);
        plan.success_path("/thanks?reference=mine").redirect().await
    }
    async fn no_plan(checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
        let plan = checkout.plan("", ChargePeriod::Monthly);
        plan.metadata(Metadata::new()).redirect().await
    }
    let kelviq = FakeKelviq::start().await;
    let app = Router::new()
        .route("/outside", post(outside))
        .route("/no-plan", post(no_plan))
        .with_state(Shop::new(kelviq.client(), "https://app.example.com").unwrap());
    for path in ["/outside", "/no-plan"] {
        let response = send(&app, form(path, "")).await;
        assert_eq!(response.status, StatusCode::INTERNAL_SERVER_ERROR);
    }
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn the_buyers_address_is_the_peers_unless_a_header_is_trusted() {
    async fn address(
        shop: Shop,
        kelviq: &FakeKelviq,
        headers: &[(&'static str, &str)],
    ) -> serde_json::Value {
        let peer: SocketAddr = "8.8.4.4:1234".parse().unwrap();
        let mut request = form("/buy", "");
        request.extensions_mut().insert(ConnectInfo(peer));
        for (name, value) in headers {
            request = with(request, name, value);
        }
        send(&app(shop), request).await;
        kelviq.checkouts().pop().unwrap().fields["ipAddress"].clone()
    }
    let kelviq = FakeKelviq::start().await;
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let forged = [
        ("x-forwarded-for", "1.1.1.1"),
        ("forwarded", "for=1.1.1.1"),
        ("x-real-ip", "1.1.1.1"),
    ];
    assert_eq!(address(shop.clone(), &kelviq, &forged).await, "8.8.4.4");

    let shop = shop.trust_client_ip_header(HeaderName::from_static("x-forwarded-for"));
    let entries = [("x-forwarded-for", "9.9.9.9, 1.1.1.1:443")];
    assert_eq!(address(shop.clone(), &kelviq, &entries).await, "1.1.1.1");
    assert!(
        address(shop.clone(), &kelviq, &[("x-forwarded-for", "10.0.0.1")])
            .await
            .is_null()
    );
    assert!(address(shop, &kelviq, &[]).await.is_null());
}

#[tokio::test]
async fn an_application_can_replace_the_error_page() {
    async fn custom_page(response: Response) -> Response {
        match response.extensions().get::<Rejection>() {
            Some(rejection) => {
                (response.status(), format!("{:?}", rejection.problem())).into_response()
            }
            None => response,
        }
    }
    let kelviq = FakeKelviq::start().await;
    let app = public(kelviq.client()).layer(map_response(custom_page));
    kelviq.inject_next(Fault::Error(500));
    let response = send(&app, form("/buy", "")).await;
    assert_eq!(
        (response.status, response.body.as_str()),
        (StatusCode::BAD_GATEWAY, "Upstream")
    );
}

#[tokio::test]
async fn a_buyer_is_sent_to_an_allowed_international_host() {
    let kelviq = FakeKelviq::start().await;
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let app = app(shop.allow_redirects_to("münchen.example").unwrap());
    for url in [
        "https://münchen.example/cs_1",
        "https://xn--mnchen-3ya.example/cs_1",
    ] {
        kelviq.inject_next(Fault::CheckoutUrl(url.into()));
        let response = send(&app, form("/buy", "")).await;
        assert_eq!(
            response.header("location"),
            "https://xn--mnchen-3ya.example/cs_1"
        );
    }
}

#[test]
fn production_is_recognized_by_the_host_of_the_base_url() {
    for base_url in [
        "https://api.kelviq.com/api/v1",
        "https://api.kelviq.com./api/v1",
        "https://api.kelviq.com/other",
    ] {
        let kelviq = Kelviq::builder("server-test")
            .base_url(base_url)
            .build()
            .unwrap();
        let shop = Shop::new(kelviq, "http://app.example.com");
        assert!(shop.is_err(), "{base_url}");
    }
}

#[tokio::test]
async fn a_fake_in_another_container_can_be_used_over_http() {
    // The fake in the other container is this server, which answers every request with the same session.
    let session = r#"{"checkoutUrl":"http://URL/checkout/cs_1/","checkoutSessionId":"cs_1"}"#;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    for (host, is_allowed) in [
        ("fake-kelviq:4010", true),
        ("fake-kelviq", true),
        // The port that the container publishes.
        ("localhost:4010", true),
        ("127.0.0.1:4010", true),
        ("other:4010", false),
        ("x.fake-kelviq:4010", false),
        ("fake-kelviq.evil.example", false),
        ("fake-kelviq@evil.example", false),
        ("user@fake-kelviq:4010", false),
    ] {
        let kelviq = Kelviq::builder("server-test")
            .base_url(format!("http://fake-kelviq:{port}"))
            .allow_insecure_base_url(true)
            .http_client(
                reqwest::Client::builder()
                    .no_proxy()
                    .resolve("fake-kelviq", ([127, 0, 0, 1], port).into()),
            )
            .build()
            .unwrap();
        let shop = Shop::new(kelviq, "https://app.example.com").unwrap();
        assert_eq!(
            shop.form_action_sources(),
            "https://kelviq.com https://*.kelviq.com http://*.localhost:* http://127.0.0.1:* http://localhost:* \
             http://fake-kelviq:*"
        );
        let app = app(shop);
        let body = session.replace("URL", host);
        let answer = async {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 16 * 1024];
            let _ = stream.read(&mut request).await.unwrap();
            let length = body.len();
            let head = format!(
                "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            );
            let response = head + &body;
            stream.write_all(response.as_bytes()).await.unwrap();
        };
        let (response, ()) = tokio::join!(send(&app, form("/buy", "")), answer);
        let status = if is_allowed {
            StatusCode::SEE_OTHER
        } else {
            StatusCode::BAD_GATEWAY
        };
        assert_eq!(response.status, status, "{host}");
    }
}

#[test]
fn in_production_the_public_url_is_https() {
    let kelviq = |environment| {
        let builder = Kelviq::builder("server-test").environment(environment);
        builder.build().unwrap()
    };
    for (url, in_production) in [
        ("https://app.example.com", true),
        ("https://localhost:3000", true),
        ("http://localhost:3000", true),
        ("http://127.0.0.1:3000", true),
        ("http://[::1]:3000", true),
        ("http://app.example.com", false),
        ("http://localhost.example.com", false),
        ("http://10.0.0.1:3000", false),
    ] {
        assert!(
            Shop::new(kelviq(Environment::Sandbox), url).is_ok(),
            "{url}"
        );
        let log = Log::start();
        let shop = Shop::new(kelviq(Environment::Production), url);
        assert_eq!(shop.is_ok(), in_production, "{url}");
        let warnings = log.with("PUBLIC_URL is on loopback in production").len();
        let is_loopback = in_production && !url.contains("app.example.com");
        assert_eq!(warnings, usize::from(is_loopback), "{url}");
        if let Err(error) = shop {
            assert!(error.to_string().contains("PUBLIC_URL"), "{error}");
        }
    }
}

#[tokio::test]
async fn form_action_sources_lists_the_allowed_hosts() {
    let kelviq = Kelviq::builder("server-test").build().unwrap();
    let shop = Shop::new(kelviq, "https://app.example.com/shop").unwrap();
    assert_eq!(shop.public_url(), Some("https://app.example.com/shop/"));
    assert_eq!(
        shop.form_action_sources(),
        "https://kelviq.com https://*.kelviq.com"
    );
    let more = shop
        .clone()
        .allow_redirects_to("Pay.Example.com")
        .unwrap()
        .form_action_sources();
    assert_eq!(
        more,
        "https://kelviq.com https://*.kelviq.com https://pay.example.com"
    );
    for host in [
        "",
        " x",
        "https://x.example",
        "x.example:443",
        "x.example/",
        "203.0.113.7",
        "*.example.com",
        "pay.example.com.",
        "a b",
    ] {
        assert!(shop.clone().allow_redirects_to(host).is_err(), "{host:?}");
    }
    let international = shop.clone().allow_redirects_to("münchen.example").unwrap();
    assert!(
        international
            .form_action_sources()
            .ends_with(" https://xn--mnchen-3ya.example")
    );
    let fake = FakeKelviq::start().await;
    let sources = Shop::on_loopback(fake.client()).form_action_sources();
    assert!(
        sources.ends_with("http://127.0.0.1:* http://localhost:*"),
        "{sources}"
    );
}

#[tokio::test]
async fn debug_output_of_a_checkout_omits_the_customer() {
    async fn debug(checkout: Checkout) -> String {
        let plan = checkout.plan("pro", ChargePeriod::Monthly);
        let plan = plan.with(|plan| plan.discount_code("FOR-ADA"));
        format!("{:?}", plan.customer("ada-lovelace"))
    }
    let kelviq = FakeKelviq::start().await;
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let app = Router::new().route("/debug", post(debug)).with_state(shop);
    let debug = send(&app, form("/debug", "")).await.body;
    assert!(debug.contains("pro"), "{debug}");
    assert!(
        !debug.contains("ADA") && !debug.contains("lovelace"),
        "{debug}"
    );
}
