//! The hosted checkout page, used as by a browser without JavaScript.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use kelviq_axum::fake::{FakeKelviq, FakeKelviqBuilder};
use kelviq_core::{WebhookSecret, WebhookVerifier};
use tokio::{net::TcpListener, sync::mpsc};

use super::support::{
    SUCCESS_URL, body, created, customer_of, header, http, page_url, press, webhook_headers,
};

async fn get(kelviq: &FakeKelviq, session_id: &str) -> (u16, String) {
    let response = http()
        .get(page_url(kelviq, session_id))
        .send()
        .await
        .unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Follows a redirect to a page of the fake.
async fn follow(kelviq: &FakeKelviq, response: &reqwest::Response) -> String {
    let origin = kelviq.base_url().strip_suffix("/api/v1").unwrap();
    let url = format!("{origin}{}", header(response, "location"));
    http().get(url).send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn the_page_shows_what_is_bought() {
    let kelviq = FakeKelviq::start().await;
    let more = r#","customerId":"cust_789","features":[{"identifier":"seats","quantity":5}],"customAmount":349.9,"currencyCode":"EUR","taxBehavior":"INCLUSIVE","discountCode":"WELCOME20""#;
    let id = created(&kelviq, body(more)).await;
    let response = http().get(page_url(&kelviq, &id)).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(
        header(&response, "content-type"),
        "text/html; charset=utf-8"
    );
    assert_eq!(header(&response, "cache-control"), "no-store");
    assert!(header(&response, "content-security-policy").starts_with("default-src 'none'"));
    let page = response.text().await.unwrap();
    for text in [
        "Test checkout",
        "no real payments are made",
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
    // There are no external resources and no scripts.
    for text in ["<script", "src=", "@import", "url("] {
        assert!(!page.contains(text), "{text}");
    }
}

#[tokio::test]
async fn values_of_the_request_are_escaped() {
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
async fn pay_redirects_to_the_shop_and_takes_effect_once() {
    let kelviq = FakeKelviq::start().await;
    let id = created(&kelviq, body("")).await;
    for _click in 0..2 {
        let response = press(&kelviq, &id, "pay").await;
        assert_eq!(response.status(), 303);
        assert_eq!(header(&response, "location"), SUCCESS_URL);
        assert_eq!(header(&response, "cache-control"), "no-store");
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
async fn the_success_url_is_percent_encoded_in_the_redirect() {
    let kelviq = FakeKelviq::start().await;
    let id = created(&kelviq, body("").replace("thanks", "grüße?order=ABC")).await;
    let response = press(&kelviq, &id, "pay").await;
    assert_eq!(
        header(&response, "location"),
        "https://app.example.com/gr%C3%BC%C3%9Fe?order=ABC"
    );
}

#[tokio::test]
async fn decline_leaves_the_session_open() {
    let kelviq = FakeKelviq::start().await;
    let id = created(&kelviq, body("")).await;
    let response = press(&kelviq, &id, "decline").await;
    assert_eq!(response.status(), 303);
    let page = follow(&kelviq, &response).await;
    assert!(page.contains(r#"role="alert""#) && page.contains("Your card was declined."));
    assert!(page.contains("Pay USD 29.00"));
    assert!(!kelviq.checkouts()[0].is_paid);
    assert_eq!(press(&kelviq, &id, "pay").await.status(), 303);
}

#[tokio::test]
async fn cancel_redirects_to_the_cancel_url_if_there_is_one() {
    let kelviq = FakeKelviq::start().await;
    let id = created(
        &kelviq,
        body(r#","cancelUrl":"https://app.example.com/pricing""#),
    )
    .await;
    let response = press(&kelviq, &id, "cancel").await;
    assert_eq!(response.status(), 303);
    assert_eq!(
        header(&response, "location"),
        "https://app.example.com/pricing"
    );

    let id = created(&kelviq, body("")).await;
    let response = press(&kelviq, &id, "cancel").await;
    assert_eq!(response.status(), 303);
    let page = follow(&kelviq, &response).await;
    assert!(page.contains("Nothing was paid."));
    assert!(kelviq.checkouts().iter().all(|checkout| !checkout.is_paid));
}

#[tokio::test]
async fn an_unknown_session_has_an_error_page() {
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
async fn get_requests_to_a_buttons_path_do_nothing() {
    let kelviq = FakeKelviq::start().await;
    let id = created(&kelviq, body("")).await;
    for button in ["pay", "decline", "cancel"] {
        let url = format!("{}{button}", page_url(&kelviq, &id));
        let response = http().get(url).send().await.unwrap();
        assert_eq!(response.status(), 405);
        assert_eq!(header(&response, "allow"), "POST");
        assert_eq!(
            header(&response, "content-type"),
            "text/html; charset=utf-8"
        );
        let page = response.text().await.unwrap();
        assert!(page.contains("There is nothing to see here"), "{page}");
    }
    assert!(!kelviq.checkouts()[0].is_paid);
}

#[tokio::test]
async fn a_configured_price_is_multiplied_by_the_first_quantity() {
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

#[tokio::test]
async fn amounts_have_the_decimals_of_their_currency() {
    let kelviq = FakeKelviq::builder()
        .price("pro", "1200", "JPY")
        .price("team", "1.250", "KWD")
        .start()
        .await
        .unwrap();
    let seats = r#","features":[{"identifier":"seats","quantity":3}]"#;
    let custom = |amount: &str, currency: &str| {
        let more = format!(
            r#","customAmount":{amount},"currencyCode":"{currency}","taxBehavior":"EXCLUSIVE""#
        );
        body(&more)
    };
    for (body, pay, amount) in [
        (
            body(""),
            "Pay JPY 1200",
            r#""amount":"1200","amount_units":1200,"#,
        ),
        (
            body(seats),
            "3 × JPY 1200",
            r#""amount":"3600","amount_units":3600,"#,
        ),
        (
            body("").replace("pro", "team"),
            "Pay KWD 1.250",
            r#""amount":"1.250","amount_units":1250,"#,
        ),
        (
            custom("50000", "KRW"),
            "Pay KRW 50000",
            r#""amount":"50000","amount_units":50000,"#,
        ),
        (
            custom("12.345", "BHD"),
            "Pay BHD 12.345",
            r#""amount":"12.345","amount_units":12345,"#,
        ),
        (
            custom("12.5", "EUR"),
            "Pay EUR 12.50",
            r#""amount":"12.50","amount_units":1250,"#,
        ),
    ] {
        let id = created(&kelviq, body).await;
        let (_, page) = get(&kelviq, &id).await;
        assert!(page.contains(pay), "{pay}: {page}");
        let paid = kelviq.pay(&id);
        assert!(paid.as_json().contains(amount), "{amount}");
        let subscription = &kelviq.subscriptions(&customer_of(&paid))[0].id;
        let started = kelviq.subscription_created(subscription);
        assert!(started.as_json().contains(amount), "{amount}");
    }
}

/// Starts an app that responds to webhooks with `status`. Returns a builder with its webhook URL, and the received events.
async fn with_app(status: StatusCode) -> (FakeKelviqBuilder, mpsc::UnboundedReceiver<String>) {
    let (sender, deliveries) = mpsc::unbounded_channel();
    let secret = WebhookSecret::new("kq_whsec_test").unwrap();
    let verifier = Arc::new(WebhookVerifier::new(secret.clone()));
    let app = Router::new().route(
        "/webhooks/kelviq",
        post(async move |headers: HeaderMap, body: Bytes| {
            let event = verifier.verify(webhook_headers(&headers), &body).unwrap();
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
async fn the_webhook_is_delivered_once_before_the_redirect() {
    let (builder, mut deliveries) = with_app(StatusCode::OK).await;
    let kelviq = builder.start().await.unwrap();
    let id = created(&kelviq, body(r#","metadata":{"n":1.10}"#)).await;
    assert_eq!(press(&kelviq, &id, "pay").await.status(), 303);
    let event = deliveries.try_recv().unwrap();
    assert!(event.contains(r#""metadata":{"n":1.10}"#), "{event}");
    assert_eq!(event, kelviq.pay(&id).as_json());
    let subscription = deliveries.try_recv().unwrap();
    assert!(subscription.contains(r#""type":"subscription.created""#));
    assert_eq!(press(&kelviq, &id, "pay").await.status(), 303);
    assert!(deliveries.try_recv().is_err());
}

#[tokio::test]
async fn a_failing_webhook_does_not_delay_the_redirect() {
    let (builder, mut deliveries) = with_app(StatusCode::INTERNAL_SERVER_ERROR).await;
    let kelviq = builder.start().await.unwrap();
    let id = created(&kelviq, body("")).await;
    assert_eq!(press(&kelviq, &id, "pay").await.status(), 303);
    assert!(deliveries.try_recv().is_ok());

    // Nothing listens at this URL.
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
async fn with_a_delay_the_redirect_comes_first() {
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
