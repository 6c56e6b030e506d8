//! The hosted checkout page, as a browser without JavaScript uses it.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use kelviq_axum::{
    fake::{FakeKelviq, FakeKelviqBuilder},
    kelviq_core::{WebhookHeaders, WebhookSecret, WebhookVerifier},
};
use tokio::{net::TcpListener, sync::mpsc};

use super::{SUCCESS_URL, body, created, header, http, page_url, press};

async fn get(kelviq: &FakeKelviq, session_id: &str) -> (u16, String) {
    let answer = http()
        .get(page_url(kelviq, session_id))
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// The page that a 303 of the fake's leads to.
async fn follow(kelviq: &FakeKelviq, answer: &reqwest::Response) -> String {
    let origin = kelviq.base_url().strip_suffix("/api/v1").unwrap();
    let url = format!("{origin}{}", header(answer, "location"));
    http().get(url).send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn the_page_shows_what_is_bought() {
    let kelviq = FakeKelviq::start().await;
    let more = r#","customerId":"cust_789","features":[{"identifier":"seats","quantity":5}],"customAmount":349.9,"currencyCode":"EUR","taxBehavior":"INCLUSIVE","discountCode":"WELCOME20""#;
    let id = created(&kelviq, body(more)).await;
    let answer = http().get(page_url(&kelviq, &id)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8");
    assert_eq!(header(&answer, "cache-control"), "no-store");
    assert!(header(&answer, "content-security-policy").starts_with("default-src 'none'"));
    let page = answer.text().await.unwrap();
    for text in [
        "Test checkout",
        "no money moves",
        "app.example.com",
        "Pro",
        "Monthly",
        "Seats",
        "× 5",
        "cust_789",
        "EUR 349.90",
        "WELCOME20",
    ] {
        assert!(page.contains(text), "{text}");
    }
    for action in ["pay", "decline", "cancel"] {
        let form = format!(r#"<form method="post" action="/checkout/{id}/{action}">"#);
        assert!(page.contains(&form), "{action}");
    }
    // Nothing from elsewhere, nothing that runs.
    for text in ["<script", "src=", "@import", "url("] {
        assert!(!page.contains(text), "{text}");
    }
}

#[tokio::test]
async fn all_that_the_app_sent_is_escaped() {
    let kelviq = FakeKelviq::start().await;
    let evil = r#"<script>alert('1')</script>\"><img src=x>"#;
    let body = format!(
        r#"{{"planIdentifier":"{evil}","chargePeriod":"MONTHLY","successUrl":"https://app.example.com/?q=\"><script>","customerId":"{evil}","discountCode":"{evil}","features":[{{"identifier":"{evil}","quantity":1}}],"metadata":{{"{evil}":"{evil}"}}}}"#
    );
    let id = created(&kelviq, body).await;
    let (_, page) = get(&kelviq, &id).await;
    assert!(page.contains("&lt;script&gt;"));
    kelviq.pay(&id);
    let (_, finished) = get(&kelviq, &id).await;
    for page in [page, finished] {
        assert!(
            !page.contains("<script") && !page.contains("<img"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn pay_sends_the_buyer_to_the_shop_and_is_done_once() {
    let kelviq = FakeKelviq::start().await;
    let id = created(&kelviq, body("")).await;
    for _click in 0..2 {
        let answer = press(&kelviq, &id, "pay").await;
        assert_eq!(answer.status(), 303);
        assert_eq!(header(&answer, "location"), SUCCESS_URL);
        assert_eq!(header(&answer, "cache-control"), "no-store");
    }
    assert!(kelviq.checkouts()[0].is_paid);
    let (status, page) = get(&kelviq, &id).await;
    assert_eq!(status, 410);
    assert!(page.contains("finished") && page.contains(SUCCESS_URL));
    for button in ["decline", "cancel"] {
        assert_eq!(press(&kelviq, &id, button).await.status(), 410, "{button}");
    }
}

#[tokio::test]
async fn the_success_url_becomes_what_a_header_can_carry() {
    let kelviq = FakeKelviq::start().await;
    let id = created(&kelviq, body("").replace("thanks", "grüße?order=ABC")).await;
    let answer = press(&kelviq, &id, "pay").await;
    assert_eq!(
        header(&answer, "location"),
        "https://app.example.com/gr%C3%BC%C3%9Fe?order=ABC"
    );
}

#[tokio::test]
async fn decline_leaves_the_session_open() {
    let kelviq = FakeKelviq::start().await;
    let id = created(&kelviq, body("")).await;
    let answer = press(&kelviq, &id, "decline").await;
    assert_eq!(answer.status(), 303);
    let page = follow(&kelviq, &answer).await;
    assert!(page.contains(r#"role="alert""#) && page.contains("Your card was declined."));
    assert!(page.contains("Pay USD 29.00"));
    assert!(!kelviq.checkouts()[0].is_paid);
    assert_eq!(press(&kelviq, &id, "pay").await.status(), 303);
}

#[tokio::test]
async fn cancel_goes_back_where_the_shop_says_where() {
    let kelviq = FakeKelviq::start().await;
    let id = created(
        &kelviq,
        body(r#","cancelUrl":"https://app.example.com/pricing""#),
    )
    .await;
    let answer = press(&kelviq, &id, "cancel").await;
    assert_eq!(answer.status(), 303);
    assert_eq!(
        header(&answer, "location"),
        "https://app.example.com/pricing"
    );

    let id = created(&kelviq, body("")).await;
    let answer = press(&kelviq, &id, "cancel").await;
    assert_eq!(answer.status(), 303);
    let page = follow(&kelviq, &answer).await;
    assert!(page.contains("Nothing was paid."));
    assert!(kelviq.checkouts().iter().all(|checkout| !checkout.is_paid));
}

#[tokio::test]
async fn what_does_not_exist_has_a_page_too() {
    let kelviq = FakeKelviq::start().await;
    let (status, page) = get(&kelviq, "cs_none").await;
    assert_eq!(status, 404);
    assert!(page.contains("There is no such checkout"));
    for button in ["pay", "decline", "cancel"] {
        assert_eq!(
            press(&kelviq, "cs_none", button).await.status(),
            404,
            "{button}"
        );
    }
}

#[tokio::test]
async fn opening_what_a_button_posts_to_does_nothing_and_says_so() {
    let kelviq = FakeKelviq::start().await;
    let id = created(&kelviq, body("")).await;
    for button in ["pay", "decline", "cancel"] {
        let url = format!("{}{button}", page_url(&kelviq, &id));
        let answer = http().get(url).send().await.unwrap();
        assert_eq!(answer.status(), 405);
        assert_eq!(header(&answer, "allow"), "POST");
        assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8");
        let page = answer.text().await.unwrap();
        assert!(page.contains("There is nothing to see here"), "{page}");
    }
    assert!(!kelviq.checkouts()[0].is_paid);
}

#[tokio::test]
async fn a_plan_costs_what_was_set_once_for_each_of_the_first_feature() {
    let kelviq = FakeKelviq::builder()
        .price("pro", "29", "EUR")
        .price("team", "180.10", "USD")
        .start()
        .await
        .unwrap();
    let seats =
        r#","features":[{"identifier":"seats","quantity":7},{"identifier":"x","quantity":9}]"#;
    let team = body(seats).replace("pro", "team");
    let custom = r#","customAmount":12.345,"currencyCode":"CHF","taxBehavior":"EXCLUSIVE""#;
    for (body, pay, note) in [
        (body(""), "Pay EUR 29.00", ""),
        (team, "Pay USD 1260.70", "7 × USD 180.10"),
        (body(custom), "Pay CHF 12.35", "Tax is added on top."),
        (
            body("").replace("pro", "other"),
            "Pay USD 29.00",
            "An example price.",
        ),
    ] {
        let id = created(&kelviq, body).await;
        let (_, page) = get(&kelviq, &id).await;
        assert!(page.contains(pay) && page.contains(note), "{pay}: {page}");
    }
    let paid = kelviq.pay(&kelviq.checkouts()[1].id);
    assert!(
        paid.as_json()
            .contains(r#""amount":"1260.70","amount_units":126070"#)
    );
}

/// An app on a port of its own that answers webhooks with `status`, what it was sent, and a fake that knows of it.
async fn with_app(status: StatusCode) -> (FakeKelviqBuilder, mpsc::UnboundedReceiver<String>) {
    let (sender, deliveries) = mpsc::unbounded_channel();
    let secret = WebhookSecret::new("kq_whsec_test").unwrap();
    let verifier = Arc::new(WebhookVerifier::new(secret.clone()));
    let app = Router::new().route(
        "/webhooks/kelviq",
        post(async move |headers: HeaderMap, body: Bytes| {
            let headers = WebhookHeaders::from_lookup(|name| {
                headers.get(name).map(axum::http::HeaderValue::as_bytes)
            });
            let event = verifier.verify(headers, &body).unwrap();
            sender.send(event.as_json().to_owned()).unwrap();
            status
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhooks/kelviq", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, app).await });
    (
        FakeKelviq::builder()
            .webhook_secret(secret)
            .webhook_url(url),
        deliveries,
    )
}

#[tokio::test]
async fn the_webhook_arrives_before_the_buyer_and_once() {
    let (builder, mut deliveries) = with_app(StatusCode::OK).await;
    let kelviq = builder.start().await.unwrap();
    let id = created(&kelviq, body(r#","metadata":{"n":1.10}"#)).await;
    assert_eq!(press(&kelviq, &id, "pay").await.status(), 303);
    let event = deliveries.try_recv().unwrap();
    assert!(event.contains(r#""metadata":{"n":1.10}"#), "{event}");
    assert_eq!(event, kelviq.pay(&id).as_json());
    assert_eq!(press(&kelviq, &id, "pay").await.status(), 303);
    assert!(deliveries.try_recv().is_err());
}

#[tokio::test]
async fn a_failing_webhook_does_not_hold_the_buyer_up() {
    let (builder, mut deliveries) = with_app(StatusCode::INTERNAL_SERVER_ERROR).await;
    let kelviq = builder.start().await.unwrap();
    let id = created(&kelviq, body("")).await;
    assert_eq!(press(&kelviq, &id, "pay").await.status(), 303);
    assert!(deliveries.try_recv().is_ok());

    // Nobody listens there.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let kelviq = FakeKelviq::builder()
        .webhook_url(url)
        .start()
        .await
        .unwrap();
    let id = created(&kelviq, body("")).await;
    assert_eq!(press(&kelviq, &id, "pay").await.status(), 303);
    assert!(kelviq.checkouts()[0].is_paid);
}

#[tokio::test]
async fn with_a_delay_the_buyer_comes_first() {
    let (builder, mut deliveries) = with_app(StatusCode::OK).await;
    let kelviq = builder
        .delivery_delay(Duration::from_secs(3600))
        .start()
        .await
        .unwrap();
    let id = created(&kelviq, body("")).await;
    assert_eq!(press(&kelviq, &id, "pay").await.status(), 303);
    assert!(deliveries.try_recv().is_err());

    let (builder, mut deliveries) = with_app(StatusCode::OK).await;
    let kelviq = builder
        .delivery_delay(Duration::from_millis(1))
        .start()
        .await
        .unwrap();
    let id = created(&kelviq, body("")).await;
    assert_eq!(press(&kelviq, &id, "pay").await.status(), 303);
    assert!(deliveries.recv().await.unwrap().contains(&id));
}
