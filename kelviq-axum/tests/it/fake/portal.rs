//! The customer portal, used as by a browser without JavaScript.

use kelviq_axum::fake::FakeKelviq;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::support::{body, buy, call, created, get, header, http, logged_types};

/// Creates a portal session and returns its token.
async fn token(kelviq: &FakeKelviq, customer_id: &str) -> String {
    let (status, session) = open(kelviq, json!({"customerId": customer_id})).await;
    assert_eq!(status, 200, "{session}");
    let url = kelviq.base_url().replace("/api/v1", "/portal/");
    assert_eq!(session["customerPortalUrl"], url);
    session["token"].as_str().unwrap().to_owned()
}

async fn open(kelviq: &FakeKelviq, body: Value) -> (u16, Value) {
    call(kelviq, Method::POST, "/portal/session/", body).await
}

async fn page(kelviq: &FakeKelviq, token: &str) -> String {
    let url = kelviq.base_url().replace("/api/v1", "/portal/");
    let response = http()
        .get(format!("{url}?token={token}"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    response.text().await.unwrap()
}

async fn cancel(kelviq: &FakeKelviq, token: &str, subscription: &str, end: &str) -> Response {
    let url = kelviq.base_url().replace("/api/v1", "/portal/cancel");
    let form = format!("token={token}&subscription={subscription}&end={end}");
    http().post(url).body(form).send().await.unwrap()
}

#[tokio::test]
async fn a_customer_without_email_an_archived_one_and_an_unknown_one_have_no_portal() {
    let kelviq = FakeKelviq::start().await;
    created(&kelviq, body(r#","customerId":"no_email""#)).await;
    buy(&kelviq, "archived", "").await;
    call(&kelviq, Method::DELETE, "/customers/archived/", Value::Null).await;
    buy(&kelviq, "paid", "").await;
    let kelviqs_id = get(&kelviq, "/customers/paid/").await["id"].clone();
    for (body, error) in [
        (
            json!({"customerId": "no_email"}),
            "Customer does not have an email",
        ),
        (json!({"customerId": "archived"}), "Invalid customer id"),
        (json!({"customerId": "nobody"}), "Invalid customer id"),
        (json!({"customerId": kelviqs_id}), "Invalid customer id"),
        (json!({}), "Required."),
    ] {
        assert_eq!(
            open(&kelviq, body).await,
            (400, json!({"customerId": [error]}))
        );
    }
    let (status, session) = open(&kelviq, json!({"customer_id": "paid"})).await;
    assert_eq!(
        (status, &session["email"]),
        (200, &json!("buyer@example.com"))
    );
}

#[tokio::test]
async fn the_page_shows_the_subscriptions_and_leads_back_to_the_shop() {
    let kelviq = FakeKelviq::builder()
        .price("pro", "1200", "JPY")
        .start()
        .await
        .unwrap();
    buy(&kelviq, "c1", "").await;
    buy(&kelviq, "other", "").await;
    let page = page(&kelviq, &token(&kelviq, "c1").await).await;
    let row = &get(&kelviq, "/subscriptions/?customer_id=c1").await["results"][0];
    for text in [
        "c1, buyer@example.com",
        "Pro",
        "Active",
        "JPY 1200 per month",
        &row["billingPeriodEndTime"].as_str().unwrap()[..10],
        r#"<a class="primary" href="https://app.example.com/" rel="noreferrer">Back to app.example.com</a>"#,
        r#"<form method="post" action="/portal/cancel">"#,
        "Cancel now",
        "Cancel at the end of the period",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("<script"));
    assert!(!page.contains(&kelviq.subscriptions("other")[0].id));
}

#[tokio::test]
async fn a_subscription_is_canceled_at_the_end_of_the_period_and_then_now() {
    let kelviq = FakeKelviq::start().await;
    buy(&kelviq, "c1", "").await;
    let id = kelviq.subscriptions("c1")[0].id.clone();
    let token = token(&kelviq, "c1").await;

    let response = cancel(&kelviq, &token, &id, "period-end").await;
    assert_eq!(response.status(), 303);
    assert!(header(&response, "location").starts_with("/portal/?token=cpt-"));
    let row = get(&kelviq, &format!("/subscriptions/{id}/")).await;
    assert_eq!(row["status"], "active");
    assert_eq!(row["cancellationReason"], "CANCELLED_BY_CUSTOMER");
    let shown = page(&kelviq, &token).await;
    assert!(shown.contains("Ends on") && shown.contains(row["endDate"].as_str().unwrap()));
    assert!(!shown.contains("Cancel at the end of the period") && shown.contains("Cancel now"));

    // A second click changes nothing, and is no event.
    let again = cancel(&kelviq, &token, &id, "period-end").await;
    assert_eq!(again.status(), 303);
    assert_eq!(get(&kelviq, &format!("/subscriptions/{id}/")).await, row);

    assert_eq!(cancel(&kelviq, &token, &id, "now").await.status(), 303);
    assert_eq!(cancel(&kelviq, &token, &id, "now").await.status(), 303);
    let shown = page(&kelviq, &token).await;
    assert!(shown.contains("Canceled") && shown.contains("Ended on"));
    assert!(!shown.contains("<form"));
    assert_eq!(
        logged_types(&kelviq).await,
        [
            "subscription.cancelled",
            "subscription.updated",
            "subscription.created",
            "checkout.completed"
        ]
    );
}

#[tokio::test]
async fn only_the_own_subscriptions_can_be_canceled() {
    let kelviq = FakeKelviq::start().await;
    for customer in ["c1", "c2"] {
        buy(&kelviq, customer, "").await;
    }
    let other = &kelviq.subscriptions("c2")[0].id;
    for token in [token(&kelviq, "c1").await, "cpt-none".into(), String::new()] {
        assert_eq!(cancel(&kelviq, &token, other, "now").await.status(), 404);
    }
    assert_eq!(kelviq.subscriptions("c2")[0].end_date, None);
    let url = kelviq.base_url().replace("/api/v1", "/portal/");
    for path in ["", "?token=cpt-none"] {
        let response = http().get(format!("{url}{path}")).send().await.unwrap();
        assert_eq!(response.status(), 404);
        let page = response.text().await.unwrap();
        assert!(page.contains("This link is not valid"), "{page}");
    }
}
