//! The list of a customer's subscriptions.

use std::time::SystemTime;

use futures_util::TryStreamExt;
use kelviq_core::{
    BillingType, CancellationReason, ErrorKind, PastDue, Subscription, SubscriptionStatus,
};

use crate::support::{
    request::fields,
    upstream::{Upstream, ok},
};

const LISTED: &str = r#"{
    "id": "09d706ca", "externalSubscriptionId": "sub_1", "startDate": "2026-07-28", "endDate": "2999-08-27",
    "billingPeriodStartTime": "2026-07-28T10:46:34Z", "billingPeriodEndTime": "2026-08-28T10:46:34Z",
    "amount": "261.00", "recurrence": "month", "currency": "usd", "status": "active", "product": "Suite",
    "plan": {"name": "Premium", "identifier": "premium1"}, "trialDaysRemaining": 0, "customerId": "cust_789",
    "features": [{"identifier": "seats", "featureType": "CUSTOMIZABLE", "value": 100, "metadata": {"aB": 1}}],
    "billingType": "SUBSCRIPTION", "recurrenceUnit": 1, "files": [], "license": [],
    "canceledAt": "2026-08-01T10:15:00Z", "cancellationReason": "CANCELLED_BY_CUSTOMER", "cancellationComment": "a"
}"#;

fn page(next: &str, results: &str) -> String {
    ok(&format!(
        r#"{{"count":2,"next":{next},"results":[{results}]}}"#
    ))
}

async fn listed(result: &str) -> Subscription {
    let upstream = Upstream::responding([page("null", result)]).await;
    let mut subscriptions = upstream.client().list_subscriptions("cust_789");
    subscriptions.try_next().await.unwrap().unwrap()
}

#[tokio::test]
async fn a_listed_subscription_has_the_fields_of_one_in_an_event() {
    let subscription = listed(LISTED).await;
    let text = |field: Option<String>| field.unwrap();
    assert_eq!(subscription.status, Some(SubscriptionStatus::Active));
    assert_eq!(subscription.billing_type, Some(BillingType::Subscription));
    assert_eq!(subscription.ends_on().unwrap().as_str(), "2999-08-27");
    assert!(subscription.gives_access(SystemTime::now(), PastDue::EndAccess));
    assert!(subscription.is_current(SystemTime::now()));
    assert_eq!(subscription.amount.unwrap().as_str(), "261.00");
    assert_eq!(text(subscription.recurrence), "month");
    assert_eq!(
        subscription.billing_period_end_time.unwrap().as_str(),
        "2026-08-28T10:46:34Z"
    );
    assert_eq!(
        subscription.canceled_at.unwrap().as_str(),
        "2026-08-01T10:15:00Z"
    );
    assert_eq!(
        subscription.cancellation_reason,
        Some(CancellationReason::ByCustomer)
    );
    assert_eq!(text(subscription.customer_id), "cust_789");
    assert_eq!(subscription.customer, None);
    let product = subscription.product.unwrap();
    assert_eq!((product.id, text(product.name)), (None, "Suite".to_owned()));
    let plan = subscription.plan.unwrap();
    assert_eq!(text(plan.identifier), "premium1");
    let features = subscription.features.unwrap();
    let features = features.as_json();
    assert!(
        features.contains("feature_type") && features.contains(r#""metadata":{"aB": 1}"#),
        "{features}"
    );
}

#[tokio::test]
async fn a_listed_subscription_is_read_despite_unusual_values() {
    let subscription =
        listed(r#"{"product": {"id": "p1", "name": "Suite"}, "status": "cancelled", "plan": [], "customerId": 7}"#)
            .await;
    assert_eq!(subscription.status, Some(SubscriptionStatus::Canceled));
    assert_eq!(subscription.product.unwrap().id.as_deref(), Some("p1"));
    assert_eq!(subscription.plan, None);
    assert_eq!(subscription.customer_id.as_deref(), Some("7"));
    let subscription = listed(r#"{"product": null, "status": "superseded"}"#).await;
    assert_eq!(subscription.product, None);
    assert!(subscription.is_superseded());
}

#[tokio::test]
async fn the_customer_is_the_only_filter_and_all_pages_are_read() {
    let first = page(r#""x""#, r#"{"id":"1"}"#);
    let upstream = Upstream::responding([first, page("null", r#"{"id":"2"}"#)]).await;
    let subscriptions = upstream.client().list_subscriptions("ada & co/é");
    let subscriptions: Vec<_> = subscriptions.try_collect().await.unwrap();
    let ids: Vec<_> = subscriptions.iter().map(|s| s.id.as_deref()).collect();
    assert_eq!(ids, [Some("1"), Some("2")]);
    let query = "customer_id=ada+%26+co%2F%C3%A9&page_size=50&page=";
    for (request, number) in upstream.requests().iter().zip(1..) {
        let line = format!("GET /api/v1/subscriptions/?{query}{number} HTTP/1.1\r\n");
        assert!(request.starts_with(&line), "{request}");
    }
}

#[tokio::test]
async fn without_a_valid_id_nothing_is_listed() {
    let upstream = Upstream::responding([page("null", "{}")]).await;
    let long = "z".repeat(501);
    for id in ["", " ", "z\n", " z", &long] {
        let mut subscriptions = upstream.client().list_subscriptions(id);
        let error = subscriptions.try_next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(fields(&error), ["customer_id"]);
        assert!(!error.to_string().contains('z'), "{error}");
    }
    assert_eq!(upstream.requests(), Vec::<String>::new());
}
