//! Cancellations and their events.

use kelviq_axum::fake::FakeKelviq;
use kelviq_core::{EventData, Subscription, SubscriptionStatus, VerifiedEvent};
use serde_json::json;

use super::support::{buy, cancel, event, get, logged_types, subscription_id as id, verified};

#[tokio::test]
async fn canceling_at_the_end_of_the_period_keeps_the_status() {
    let kelviq = FakeKelviq::start().await;
    buy(&kelviq, "c1", "").await;
    let id = id(&kelviq, "c1");
    let end = get(&kelviq, &format!("/subscriptions/{id}/")).await["billingPeriodEndTime"].clone();
    let updated = event(&kelviq.cancel_at_period_end(&id));
    assert_eq!(updated["type"], "subscription.updated");
    assert_eq!(
        updated["data"]["previous_attributes"],
        json!({"end_date": null})
    );
    let object = &updated["data"]["object"];
    assert_eq!(object["status"], "active");
    assert_eq!(object["end_date"], end.as_str().unwrap()[..10]);
    let subscription = &kelviq.subscriptions("c1")[0];
    assert_eq!(subscription.status, SubscriptionStatus::Active);
    assert_eq!(
        subscription.end_date.as_deref(),
        object["end_date"].as_str()
    );
}

#[tokio::test]
async fn canceling_now_sends_subscription_cancelled() {
    let kelviq = FakeKelviq::start().await;
    buy(&kelviq, "c1", "").await;
    let id = id(&kelviq, "c1");
    let cancelled = kelviq.cancel_now(&id);
    let json = event(&cancelled);
    assert_eq!(json["type"], "subscription.cancelled");
    assert_eq!(
        json["data"]["previous_attributes"],
        json!({"status": "active", "end_date": null})
    );
    let object = &json["data"]["object"];
    assert_eq!(
        (&object["status"], &object["end_date"]),
        (&json!("canceled"), &object["start_date"])
    );
    let read: VerifiedEvent = verified(&kelviq, &cancelled);
    assert!(matches!(read.data(), EventData::SubscriptionCancelled(_)));
    let before: Option<Subscription> = read.previous().unwrap();
    assert_eq!(before.unwrap().status, Some(SubscriptionStatus::Active));
}

#[tokio::test]
async fn the_api_cancels_now_at_the_end_of_the_period_and_on_a_date() {
    let kelviq = FakeKelviq::start().await;
    buy(&kelviq, "c1", "").await;
    let id = id(&kelviq, "c1");
    let path = format!("/subscriptions/{id}/");
    let done = (
        200,
        json!({"message": "Subscription cancellation processed successfully."}),
    );
    for body in [
        json!({}),
        json!({"cancellationType": "LATER"}),
        json!({"cancellationType": "SPECIFIC_DATE"}),
        json!({"cancellationType": "SPECIFIC_DATE", "cancellationDate": "2020-01-31"}),
        json!({"cancellationType": "SPECIFIC_DATE", "cancellationDate": "tomorrow"}),
        json!({"cancellationType": "IMMEDIATE", "cancellationFeedback": "BORED"}),
    ] {
        assert_eq!(cancel(&kelviq, &id, body.clone()).await.0, 400, "{body}");
    }
    let body = json!({"cancellation_type": "SPECIFIC_DATE", "cancellation_date": "2999-12-31",
        "cancellationFeedback": "TOO_EXPENSIVE", "cancellationComment": "Too much."});
    assert_eq!(cancel(&kelviq, &id, body).await, done);
    let row = get(&kelviq, &path).await;
    assert_eq!(
        (&row["endDate"], &row["status"]),
        (&json!("2999-12-31"), &json!("active"))
    );
    assert!(row["canceledAt"].is_string());
    assert_eq!(row["cancellationReason"], "CANCELLED_BY_MERCHANT");
    assert_eq!(row["cancellationFeedback"], "TOO_EXPENSIVE");
    assert_eq!(row["cancellationComment"], "Too much.");

    assert_eq!(
        cancel(
            &kelviq,
            &id,
            json!({"cancellationType": "CURRENT_PERIOD_ENDS"})
        )
        .await,
        done
    );
    let row = get(&kelviq, &path).await;
    assert_eq!(
        row["endDate"],
        row["billingPeriodEndTime"].as_str().unwrap()[..10]
    );
    assert_eq!(
        cancel(&kelviq, &id, json!({"cancellationType": "IMMEDIATE"})).await,
        done
    );
    assert_eq!(get(&kelviq, &path).await["status"], "canceled");
    let again = cancel(&kelviq, &id, json!({"cancellationType": "IMMEDIATE"})).await;
    assert_eq!((again.0, again.1["detail"].is_string()), (400, true));
    let unknown = cancel(&kelviq, "none", json!({"cancellationType": "IMMEDIATE"})).await;
    assert_eq!(unknown.0, 404);

    assert_eq!(
        logged_types(&kelviq).await,
        [
            "subscription.cancelled",
            "subscription.updated",
            "subscription.updated",
            "subscription.created",
            "checkout.completed"
        ]
    );
}

#[tokio::test]
#[should_panic(expected = "no subscription `none`")]
async fn canceling_an_unknown_subscription_panics() {
    let _ = FakeKelviq::start().await.cancel_now("none");
}
