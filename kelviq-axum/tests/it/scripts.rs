//! Scripts: the format of the response, and the bodies that they send.

use crate::support::{TestResponse, buyer::User, form, send, with};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use kelviq_axum::{
    Offer, Offers, Shop, fake::FakeKelviq, kelviq_core::ChargePeriod, portal, routes,
};
use serde_json::{Value, json};

fn app(kelviq: &FakeKelviq) -> Router {
    let shop = Shop::new(kelviq.client(), "https://app.example.com").unwrap();
    let offers = Offers::builder(shop.clone())
        .offer(
            "team",
            Offer::plan("team", ChargePeriod::Yearly).quantity("seats", 1..=50),
        )
        .sold_to::<User>()
        .build()
        .unwrap();
    Router::new()
        .route("/billing", portal::<User, _>(shop))
        .nest("/checkout", routes(offers))
}

fn request(path: &str, headers: &[(&'static str, &str)]) -> Request<Body> {
    let request = with(form(path, ""), "x-user", "cust_1");
    headers
        .iter()
        .fold(request, |request, (name, value)| with(request, name, value))
}

fn json(response: &TestResponse) -> Value {
    serde_json::from_str(&response.body).unwrap()
}

#[tokio::test]
async fn a_request_that_is_not_a_navigation_gets_json_where_it_takes_it() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let turbo = "text/vnd.turbo-stream.html, text/html, application/xhtml+xml";
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (mode, accept, is_json) in [
        ("cors", "*/*", true),
        ("cors", "", true),
        ("same-origin", "*/*", true),
        ("no-cors", "*/*", true),
        ("cors", "application/*", true),
        ("cors", "application/json, text/plain, */*", true),
        ("cors", "application/json", true),
        ("cors", "text/html, application/json", true),
        ("cors", "text/html", false),
        ("cors", turbo, false),
        ("cors", "*/*;q=0", false),
        // A navigation that a service worker passes on.
        ("same-origin", browser, false),
        ("navigate", browser, false),
        ("navigate", "*/*", false),
        ("navigate", "application/json", true),
        ("", "*/*", false),
        ("", "", false),
        ("", "application/json", true),
    ] {
        let mut request = request("/checkout/team", &[]);
        request.headers_mut().remove("accept");
        for (name, value) in [("sec-fetch-mode", mode), ("accept", accept)] {
            if !value.is_empty() {
                request = with(request, name, value);
            }
        }
        let response = send(&app, request).await;
        let status = if is_json {
            StatusCode::OK
        } else {
            StatusCode::SEE_OTHER
        };
        assert_eq!(response.status, status, "{mode:?} {accept:?}");
        let location = response.header("location");
        assert_eq!(location.is_empty(), is_json, "{mode:?} {accept:?}");
    }
}

#[tokio::test]
async fn the_json_has_the_reference() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let script = [("sec-fetch-mode", "cors"), ("accept", "*/*")];
    let sale = json(&send(&app, request("/checkout/team", &script)).await);
    let checkout = kelviq.checkouts().pop().unwrap();
    assert_eq!(sale["checkoutSessionId"], checkout.id);
    assert!(sale["checkoutUrl"].as_str().unwrap().contains(&checkout.id));
    let reference = sale["reference"].as_str().unwrap();
    assert_eq!(
        checkout.metadata,
        json!({"order_ref": reference, "offer": "team", "seats": 1})
    );

    let _ = kelviq.pay(&checkout.id);
    let log = crate::support::log::Log::start();
    let portal = json(&send(&app, request("/billing", &script)).await);
    assert!(
        portal["customerPortalUrl"]
            .as_str()
            .unwrap()
            .contains("token=")
    );
    let reference = portal["reference"].as_str().unwrap();
    let lines = log.with(reference);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(!lines[0].contains("token"), "{lines:?}");
}

#[tokio::test]
async fn htmx_gets_hx_redirect_and_errors_as_a_fragment() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let htmx = [
        ("hx-request", "true"),
        ("sec-fetch-mode", "cors"),
        ("accept", "*/*"),
    ];
    let sale = send(&app, request("/checkout/team", &htmx)).await;
    assert_eq!((sale.status, sale.header("location")), (StatusCode::OK, ""));
    let checkout = kelviq.checkouts().pop().unwrap();
    assert!(sale.header("hx-redirect").contains(&checkout.id));
    assert_eq!(
        (sale.header("cache-control"), &*sale.body),
        ("no-store", "")
    );

    let _ = kelviq.pay(&checkout.id);
    let portal = send(&app, request("/billing", &htmx)).await;
    assert!(portal.header("hx-redirect").contains("token="));

    let mut signed_out = request("/checkout/team", &htmx);
    signed_out.headers_mut().remove("x-user");
    let sign_in = send(&app, signed_out).await;
    assert_eq!(sign_in.status, StatusCode::OK);
    assert!(sign_in.header("hx-redirect").starts_with("/sign-in?next="));

    let gone = send(&app, request("/checkout/gone", &htmx)).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert!(gone.header("content-type").starts_with("text/html"));
    assert!(
        gone.body
            .starts_with("<p role=\"alert\">This offer does not exist")
    );
    assert!(gone.body.contains("Reference: <code>") && !gone.body.contains("<html"));
}

/// Creates a request with a multipart body. Each part has the parameters of its name, and a content.
fn multipart(parts: &[(&str, &str)]) -> Request<Body> {
    let parts = parts.iter().map(|(name, content)| {
        format!("--b\r\nContent-Disposition: form-data; {name}\r\n\r\n{content}\r\n")
    });
    let body: String = parts.chain(["--b--\r\n".to_owned()]).collect();
    typed("multipart/form-data; boundary=b", &body)
}

fn typed(content_type: &str, body: &str) -> Request<Body> {
    let headers = [
        ("content-type", content_type),
        ("sec-fetch-mode", "cors"),
        ("accept", "*/*"),
    ];
    let (parts, _) = request("/checkout/team", &headers).into_parts();
    Request::from_parts(parts, Body::from(body.to_owned()))
}

#[tokio::test]
async fn form_data_and_json_are_read_like_a_form() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let seats = r#"name="quantity[seats]""#;
    for (index, (request, quantity)) in [
        (multipart(&[(seats, "5")]), 5),
        (
            multipart(&[(seats, "5"), (seats, "5"), (r#"name="note""#, "é")]),
            5,
        ),
        (
            multipart(&[(r#"name="file"; filename="""#, ""), (seats, "6")]),
            6,
        ),
        (multipart(&[]), 1),
        (typed("application/json", r#"{"quantity[seats]": 5}"#), 5),
        (
            typed(
                "application/json; charset=utf-8",
                r#"{"quantity[seats]": "7", "x": -3}"#,
            ),
            7,
        ),
        (
            typed(
                "Application/JSON",
                r#"{"quantity[s\u0065ats]": 5, "quantity[seats]": 5}"#,
            ),
            5,
        ),
        (typed("application/json", "{}"), 1),
        (typed("application/json", ""), 1),
    ]
    .into_iter()
    .enumerate()
    {
        // Another customer each time, so that no session is shared.
        let request = with(request, "x-user", &format!("cust_{index}"));
        let response = send(&app, request).await;
        assert_eq!(response.status, StatusCode::OK, "{response:?}");
        let checkout = kelviq.checkouts().pop().unwrap();
        assert_eq!(checkout.fields["features"][0]["quantity"], quantity);
        assert_eq!(json(&response)["checkoutSessionId"], checkout.id);
    }
}

#[tokio::test]
async fn other_bodies_are_rejected_with_a_message_that_speaks_of_no_input() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let seats = r#"name="quantity[seats]""#;
    let large = "x".repeat(16 * 1024);
    let text = |body| typed("application/json", body);
    for (request, status, code) in [
        (
            multipart(&[(r#"name="file"; filename="a.txt""#, "x")]),
            415,
            "unsupported_body",
        ),
        (
            multipart(&[(r#"name="file"; filename="a.txt""#, "")]),
            415,
            "unsupported_body",
        ),
        (
            multipart(&[(seats, "5"), (seats, "6")]),
            422,
            "invalid_quantity",
        ),
        (
            multipart(&[(r#"name="note""#, &large)]),
            413,
            "body_too_large",
        ),
        (multipart(&[("", "5")]), 422, "invalid_body"),
        (typed("multipart/form-data", "--b--"), 422, "invalid_body"),
        (
            typed("multipart/form-data; boundary=b", "--c--"),
            422,
            "invalid_body",
        ),
        (
            typed("multipart/mixed; boundary=b", "--b--"),
            415,
            "unsupported_body",
        ),
        (text("{"), 422, "invalid_body"),
        (text("[]"), 422, "invalid_body"),
        (text("null"), 422, "invalid_body"),
        (text("quantity[seats]=5"), 422, "invalid_body"),
        (text(r#"{"quantity": {"seats": 5}}"#), 422, "invalid_body"),
        (text(r#"{"quantity[seats]": [5]}"#), 422, "invalid_body"),
        (text(r#"{"quantity[seats]": 5.0}"#), 422, "invalid_body"),
        (text(r#"{"quantity[seats]": 5e0}"#), 422, "invalid_body"),
        (text(r#"{"quantity[seats]": true}"#), 422, "invalid_body"),
        (text(r#"{"quantity[seats]": null}"#), 422, "invalid_body"),
        (text(r#"{"quantity[seats]": 5} {}"#), 422, "invalid_body"),
        (
            text(r#"{"quantity[seats]": 5, "quantity[seats]": 6}"#),
            422,
            "invalid_quantity",
        ),
        (text(r#"{"quantity[seats]": -5}"#), 422, "invalid_quantity"),
        (
            text(r#"{"quantity[seats]": 99999999999999999999999999}"#),
            422,
            "invalid_quantity",
        ),
        (
            text(&format!(r#"{{"x": "{large}"}}"#)),
            413,
            "body_too_large",
        ),
        (typed("application/ld+json", "{}"), 415, "unsupported_body"),
        (typed("text/json", "{}"), 415, "unsupported_body"),
        (
            typed("text/plain", r#"{"quantity[seats]": 5}"#),
            415,
            "unsupported_body",
        ),
    ] {
        let response = send(&app, request).await;
        assert_eq!(response.status.as_u16(), status, "{response:?}");
        let body = json(&response);
        assert_eq!(body["error"], code);
        assert!(
            !body["message"].as_str().unwrap().contains("enter"),
            "{body}"
        );
    }
    assert!(kelviq.checkouts().is_empty());
}
