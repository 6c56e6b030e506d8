//! The drop-in routes: the browser chooses an offer and its quantities, nothing else.

use crate::support::{form, send, with};
use axum::{
    Router,
    body::{Body, Bytes},
    http::{Request, StatusCode},
};
use http_body_util::channel::Channel;
use kelviq_axum::{
    Offer, Offers, OffersBuilder, Shop,
    fake::FakeKelviq,
    kelviq_core::{ChargePeriod, Kelviq},
    routes,
};
use serde_json::json;

fn builder(kelviq: Kelviq) -> OffersBuilder {
    Offers::builder(Shop::new(kelviq, "https://app.example.com").unwrap())
        .success_path("/thanks")
        .offer("pro-monthly", Offer::plan("pro", ChargePeriod::Monthly))
        .offer(
            "team-yearly",
            Offer::plan("team", ChargePeriod::Yearly)
                .quantity("seats", 2..=50)
                .quantity("projects", 3),
        )
}

fn app(kelviq: &FakeKelviq) -> Router {
    let offers = builder(kelviq.client()).build().unwrap();
    Router::new().nest("/checkout", routes(offers))
}

#[tokio::test]
async fn the_browser_decides_nothing_but_the_offer() {
    let kelviq = FakeKelviq::start().await;
    let hostile = "planIdentifier=free&plan=free&chargePeriod=ONE_TIME&customerId=other&customer_id=other\
        &customAmount=1&discountCode=ALL&ipAddress=1.2.3.4&successUrl=https%3A%2F%2Fevil.example\
        &metadata%5Border_ref%5D=x&metadata=%7B%7D&quantity%5Bseats%5D=9&utm_source=x&csrf=y";
    let response = send(
        &app(&kelviq),
        form("/checkout/pro-monthly?plan=free", hostile),
    )
    .await;
    assert_eq!(response.status, StatusCode::SEE_OTHER);
    let checkout = &kelviq.checkouts()[0];
    let mut fields = checkout.fields.clone();
    let success_url = fields["successUrl"].take();
    assert!(
        success_url
            .as_str()
            .unwrap()
            .starts_with("https://app.example.com/thanks?reference=")
    );
    assert_eq!(
        fields,
        json!({"planIdentifier": "pro", "chargePeriod": "MONTHLY", "successUrl": null})
    );
    assert!(checkout.metadata.is_empty());
}

#[tokio::test]
async fn an_unknown_offer_is_404() {
    let kelviq = FakeKelviq::start().await;
    for path in [
        "/checkout/free",
        "/checkout/PRO-MONTHLY",
        "/checkout/pro-monthly%00",
        "/checkout/%ff",
        "/checkout/pro-monthly/",
    ] {
        let response = send(&app(&kelviq), form(path, "")).await;
        assert_eq!(response.status, StatusCode::NOT_FOUND, "{path}");
    }
    let page = send(&app(&kelviq), form("/checkout/%3Cscript%3E", "")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(!page.body.contains("script"));
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn a_quantity_is_chosen_within_what_the_offer_allows() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    for (fields, seats) in [
        ("", 2),
        ("quantity[seats]=2", 2),
        ("quantity%5Bseats%5D=50", 50),
        ("quantity[seats]=+7+", 7),
        ("quantity[seats]=007", 7),
        ("quantity[seats]=5&quantity[seats]=5", 5),
        ("quantity[seats]=5&quantity[projects]=99&quantity[x]=1", 5),
    ] {
        let response = send(&app, form("/checkout/team-yearly", fields)).await;
        assert_eq!(response.status, StatusCode::SEE_OTHER, "{fields}");
        assert_eq!(
            kelviq.checkouts().pop().unwrap().fields["features"],
            json!([{"identifier": "seats", "quantity": seats}, {"identifier": "projects", "quantity": 3}]),
        );
    }
    let before = kelviq.checkouts().len();
    for quantity in [
        "",
        "0",
        "1",
        "51",
        "-5",
        "5.0",
        "5e0",
        "+5",
        "%2B5",
        "five",
        "0x5",
        "٥",
        "4294967298",
        "99999999999999999999",
        "5&quantity[seats]=6",
        "%00",
        "5%0A6",
    ] {
        // In a form, a plus is a space, so this one is a 5 with a leading space.
        if quantity == "+5" {
            continue;
        }
        let response = send(
            &app,
            form(
                "/checkout/team-yearly",
                &format!("quantity[seats]={quantity}"),
            ),
        )
        .await;
        assert_eq!(
            response.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{quantity:?}"
        );
    }
    assert_eq!(kelviq.checkouts().len(), before);
}

#[tokio::test]
async fn a_body_that_is_not_a_small_form_is_rejected() {
    let kelviq = FakeKelviq::start().await;
    let app = app(&kelviq);
    let large = form(
        "/checkout/pro-monthly",
        &format!("x={}", "a".repeat(16 * 1024)),
    );
    assert_eq!(
        send(&app, large).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    let (mut sender, chunked) = Channel::new(1);
    let chunk = tokio::spawn(async move {
        let chunk = vec![b'x'; 16 * 1024 + 1];
        let _ = sender.send_data(chunk.into()).await;
    });
    let mut large = form("/checkout/pro-monthly", "");
    *large.body_mut() = Body::new::<Channel<Bytes>>(chunked);
    assert_eq!(
        send(&app, large).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    chunk.await.unwrap();
    for content_type in ["text/plain", "text/json", ""] {
        let request = with(
            form("/checkout/pro-monthly", "{}"),
            "content-type",
            content_type,
        );
        assert_eq!(
            send(&app, request).await.status,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "{content_type}"
        );
    }
    assert!(kelviq.checkouts().is_empty());

    let mut empty = form("/checkout/pro-monthly", "");
    empty.headers_mut().remove("content-type");
    assert_eq!(send(&app, empty).await.status, StatusCode::SEE_OTHER);
    let charset = "application/x-www-form-urlencoded; charset=UTF-8";
    let request = with(
        form("/checkout/pro-monthly", "a=b"),
        "content-type",
        charset,
    );
    assert_eq!(send(&app, request).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn only_post_sells() {
    let kelviq = FakeKelviq::start().await;
    for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH"] {
        let request = Request::builder()
            .method(method)
            .uri("/checkout/pro-monthly");
        let response = send(&app(&kelviq), request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(response.header("allow"), "POST");
    }
    let put = |accept| {
        let request = Request::put("/checkout/pro-monthly/resume").header("accept", accept);
        request.body(Body::empty()).unwrap()
    };
    let page = send(&app(&kelviq), put("text/html")).await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(page.header("allow"), "GET,HEAD,POST");
    assert!(page.body.contains("role=\"alert\"") && page.body.contains("Reference: "));
    let script = send(&app(&kelviq), put("application/json")).await;
    let body: serde_json::Value = serde_json::from_str(&script.body).unwrap();
    assert_eq!(body["error"], "method_not_allowed");
    assert_eq!(body["reference"].as_str().unwrap().len(), 32);
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn another_site_sells_nothing() {
    let kelviq = FakeKelviq::start().await;
    let request = with(
        form("/checkout/pro-monthly", ""),
        "sec-fetch-site",
        "cross-site",
    );
    assert_eq!(
        send(&app(&kelviq), request).await.status,
        StatusCode::FORBIDDEN
    );
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn an_invalid_offer_is_an_error_of_build() {
    let kelviq = FakeKelviq::start().await;
    let offer = || Offer::plan("pro", ChargePeriod::Monthly);
    let builder = || builder(kelviq.client());
    for (builder, problem) in [
        (builder().offer("", offer()), "offer name"),
        (builder().offer("Pro", offer()), "offer name"),
        (builder().offer("a/b", offer()), "offer name"),
        (builder().offer("pro-monthly", offer()), "two offers"),
        (
            builder().offer("x", Offer::plan(" ", ChargePeriod::Monthly)),
            "planIdentifier",
        ),
        (
            builder().offer("x", offer().quantity("", 1)),
            "features[0].identifier",
        ),
        // Although the second offer of this name replaces it.
        (
            builder()
                .offer("x", offer().quantity("", 1))
                .offer("x", offer()),
            "features[0].identifier",
        ),
        (
            builder().offer("x", offer().quantity("seats", 0)),
            "features[0].quantity",
        ),
        (
            builder().offer("x", offer().quantity("seats", 0..=5)),
            "features[0].quantity",
        ),
        (
            builder().offer("x", offer().quantity("seats", 1).quantity("seats", 2)),
            "features[1].identifier",
        ),
        #[expect(clippy::reversed_empty_ranges, reason = "this is what is tested")]
        (
            builder().offer("x", offer().quantity("seats", 5..=1)),
            "empty range",
        ),
        (builder().success_path("thanks"), "path"),
        (builder().success_path("//evil.example"), "path"),
        (builder().cancel_path("https://evil.example"), "path"),
        (
            Offers::builder(Shop::on_loopback(kelviq.client())),
            "no offer",
        ),
    ] {
        let error = builder.build().unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
}
