//! Subscriptions: their list, their states and their events.

use axum::{Router, http::StatusCode, routing::post};
use kelviq_axum::fake::FakeKelviq;
use kelviq_core::{EventData, Metadata, SubscriptionStatus};
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{
    body, buy, call, cancel, created, event, get, once, press, subscription_id as id, verified,
};

/// The ids and statuses that a query lists.
async fn listed(kelviq: &FakeKelviq, query: &str) -> Vec<(String, String)> {
    let list = get(kelviq, &format!("/subscriptions/{query}")).await;
    let rows = list["results"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows.iter()
        .map(|row| (text(&row["id"]), text(&row["status"])))
        .collect()
}

#[tokio::test]
async fn a_payment_starts_a_subscription_with_every_field() {
    let kelviq = FakeKelviq::start().await;
    let more = r#","features":[{"identifier":"seats","quantity":5}],"customAmount":261,"currencyCode":"USD","taxBehavior":"INCLUSIVE""#;
    buy(&kelviq, "cust_1", more).await;
    let id = id(&kelviq, "cust_1");
    let mut row = get(&kelviq, &format!("/subscriptions/{id}/")).await;
    assert_eq!(
        get(&kelviq, "/subscriptions/?customer_id=cust_1").await["results"],
        json!([row])
    );

    let start = row["startDate"].as_str().unwrap().to_owned();
    for (name, length) in [
        ("externalSubscriptionId", 36),
        ("startDate", "2025-07-28".len()),
        ("billingPeriodStartTime", "2025-07-28T10:46:34Z".len()),
        ("billingPeriodEndTime", "2025-07-28T10:46:34Z".len()),
    ] {
        let value = row.as_object_mut().unwrap().remove(name).unwrap();
        assert_eq!(value.as_str().unwrap().len(), length, "{name}");
    }
    let feature = row["features"][0].as_object_mut().unwrap();
    assert_eq!(feature.remove("id").unwrap().as_str().unwrap().len(), 36);
    assert!(
        feature
            .remove("modifiedOn")
            .unwrap()
            .as_str()
            .unwrap()
            .starts_with(&start)
    );
    assert_eq!(
        row,
        json!({
            "id": id,
            "endDate": null,
            "amount": "261.00",
            "recurrence": "month",
            "currency": "usd",
            "status": "active",
            "product": "Test product",
            "plan": {"name": "Pro", "identifier": "pro"},
            "features": [{
                "identifier": "seats", "name": "Seats", "description": "", "featureType": "CUSTOMIZABLE", "details": {},
                "isArchived": false, "metadata": {}, "meter": {},
                "featureDetails": {"units": {"singular": "Seats", "plural": "Seats"}},
                "reset": null, "resetTime": null, "value": 5, "hardLimit": false,
            }],
            "trialDaysRemaining": 0,
            "customerId": "cust_1",
            "billingType": "SUBSCRIPTION",
            "recurrenceUnit": 1,
            "recurrenceType": "MONTH",
            "files": [], "links": [], "license": [],
            "canceledAt": null,
            "cancellationReason": null,
            "cancellationFeedback": null,
            "cancellationComment": null,
        })
    );
}

#[tokio::test]
async fn subscription_created_has_every_field() {
    let kelviq = FakeKelviq::start().await;
    let paid = event(&buy(&kelviq, "cust_1", "").await);
    let created = kelviq.subscription_created(&id(&kelviq, "cust_1"));
    let mut event = event(&created);
    assert_eq!(event["type"], "subscription.created");
    let row = get(
        &kelviq,
        &format!("/subscriptions/{}/", id(&kelviq, "cust_1")),
    )
    .await;
    let object = event["data"]["object"].as_object_mut().unwrap();
    for time in ["created_on", "modified_on"] {
        assert_eq!(object.remove(time).unwrap(), row["billingPeriodStartTime"]);
    }
    let paid = &paid["data"]["object"];
    assert_eq!(
        event["data"],
        json!({"object": {
            "id": row["id"],
            "object": "subscription",
            "status": "active",
            "plan": {"name": "Pro", "version": 1, "identifier": "pro"},
            "product": paid["product"],
            "amount": "29.00",
            "amount_units": 2900,
            "currency": "USD",
            "recurrence": "1 month",
            "start_date": row["startDate"],
            "end_date": null,
            "billing_period_start_time": row["billingPeriodStartTime"],
            "billing_period_end_time": row["billingPeriodEndTime"],
            "trial_start": null,
            "trial_end": null,
            "customer": paid["customer"],
            "features": null,
            "organization": paid["organization"],
        }})
    );
    let EventData::SubscriptionCreated::<Metadata>(read) = verified(&kelviq, &created).data()
    else {
        panic!("not a subscription");
    };
    assert_eq!(read.status, Some(SubscriptionStatus::Active));
    assert_eq!(
        read.customer.unwrap().customer_id.as_deref(),
        Some("cust_1")
    );
}

#[tokio::test]
async fn the_list_has_the_current_state_of_each_and_a_status_finds_earlier_states() {
    let kelviq = FakeKelviq::start().await;
    for customer in ["c1", "c1", "c2", "c3", "c4"] {
        buy(&kelviq, customer, "").await;
    }
    let c1 = kelviq.subscriptions("c1");
    let (old, new) = (&c1[0].id, &c1[1].id);
    let _ = kelviq.set_status(old, "superseded");
    let _ = kelviq.set_status(new, SubscriptionStatus::PastDue);
    let _ = kelviq.set_status(new, "active");
    let _ = kelviq.cancel_now(&id(&kelviq, "c2"));
    let _ = kelviq.cancel_at_period_end(&id(&kelviq, "c3"));
    let _ = kelviq.set_status(&id(&kelviq, "c4"), "incomplete_expired");
    let row = |id: &str, status: &str| (id.to_owned(), status.to_owned());

    assert_eq!(
        listed(&kelviq, "?customer_id=c1").await,
        [row(new, "active")]
    );
    assert_eq!(listed(&kelviq, "?customer_id=c2").await, []);
    assert_eq!(
        listed(&kelviq, "?customer_id=c3").await,
        [row(&id(&kelviq, "c3"), "active")]
    );
    assert_eq!(
        listed(&kelviq, "?customer_id=c4").await,
        [row(&id(&kelviq, "c4"), "incomplete_expired")]
    );
    assert_eq!(listed(&kelviq, "").await.len(), 3);
    assert_eq!(listed(&kelviq, "?page_size=2&page=2").await.len(), 1);
    assert_eq!(
        get(&kelviq, "/subscriptions/?page_size=2").await["count"],
        3
    );

    assert_eq!(
        listed(&kelviq, "?customer_id=c1&status=active").await,
        [row(new, "active"), row(new, "active"), row(old, "active")]
    );
    assert_eq!(
        listed(&kelviq, "?customer_id=c1&status=past_due,superseded").await,
        [row(new, "past_due"), row(old, "superseded")]
    );
    assert_eq!(
        listed(&kelviq, "?status=canceled").await,
        [row(&id(&kelviq, "c2"), "canceled")]
    );
    assert_eq!(listed(&kelviq, "?status=trialing").await, []);
}

#[tokio::test]
async fn an_unknown_parameter_finds_nothing() {
    let kelviq = FakeKelviq::start().await;
    buy(&kelviq, "c1", "").await;
    for query in [
        "?customerId=c1",
        "?customer=c1",
        "?customer_id=c1&start_date=2020-01-01",
        "?customer_id=c2",
    ] {
        assert_eq!(listed(&kelviq, query).await, [], "{query}");
    }
    assert_eq!(
        listed(&kelviq, "?customer_id=c1&page=1&page_size=100")
            .await
            .len(),
        1
    );
    let unknown = call(&kelviq, Method::GET, "/subscriptions/none/", Value::Null).await;
    assert_eq!(unknown, (404, json!({"detail": "Subscription not found."})));
}

#[tokio::test]
async fn a_trial_has_its_dates() {
    let kelviq = FakeKelviq::start().await;
    buy(&kelviq, "c1", r#","trialPeriod":14"#).await;
    let id = id(&kelviq, "c1");
    let row = get(&kelviq, &format!("/subscriptions/{id}/")).await;
    assert_eq!(
        (&row["status"], &row["trialDaysRemaining"]),
        (&json!("trialing"), &json!(14))
    );
    let object = &event(&kelviq.subscription_created(&id))["data"]["object"];
    assert_eq!(object["status"], "trialing");
    assert_eq!(object["trial_start"], object["billing_period_start_time"]);
    let day = |time: &Value| {
        time.as_str().unwrap()[..10]
            .parse::<jiff::civil::Date>()
            .unwrap()
    };
    let trial = day(&object["trial_end"]) - day(&object["trial_start"]);
    assert_eq!(trial.get_days(), 14);
}

#[tokio::test]
async fn a_one_time_purchase_is_listed_without_period_and_sends_no_subscription_event() {
    let kelviq = FakeKelviq::start().await;
    let paid = kelviq.pay(&created(&kelviq, once(r#","customerId":"c1","trialPeriod":14"#)).await);
    assert_eq!(event(&paid)["data"]["object"]["checkout_type"], "ONE_TIME");
    let row = &get(&kelviq, "/subscriptions/?customer_id=c1").await["results"][0];
    for (name, value) in [
        ("billingType", json!("ONE_TIME")),
        ("status", json!("active")),
        ("recurrence", json!("")),
        ("recurrenceUnit", Value::Null),
        ("recurrenceType", Value::Null),
        ("billingPeriodEndTime", Value::Null),
        ("trialDaysRemaining", json!(0)),
    ] {
        assert_eq!(row[name], value, "{name}");
    }
    assert_eq!(get(&kelviq, "/webhook/logs/").await["count"], 1);
    assert_eq!(kelviq.subscriptions("c1")[0].period_end, None);
    let (status, _) = cancel(
        &kelviq,
        &id(&kelviq, "c1"),
        json!({"cancellationType": "IMMEDIATE"}),
    )
    .await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn a_status_can_be_set_and_its_event_delivered() {
    let kelviq = FakeKelviq::start().await;
    let app = Router::new().route("/webhooks", post(StatusCode::ACCEPTED));
    buy(&kelviq, "c1", "").await;
    let id = id(&kelviq, "c1");
    let past_due = kelviq.set_status(&id, SubscriptionStatus::PastDue);
    assert_eq!(past_due.deliver_to(&app, "/webhooks").await.status(), 202);
    let json = event(&past_due);
    assert_eq!(json["type"], "subscription.updated");
    assert_eq!(json["data"]["object"]["status"], "past_due");
    assert_eq!(
        json["data"]["previous_attributes"],
        json!({"status": "active"})
    );
    let again = event(&past_due.again_as_new_event());
    assert_eq!(again["data"], json["data"]);
    assert_ne!(again["id"], json["id"]);
    assert_eq!(
        event(&kelviq.set_status(&id, "canceled"))["type"],
        "subscription.cancelled"
    );
    let row = get(&kelviq, &format!("/subscriptions/{id}/")).await;
    assert_eq!(row["cancellationReason"], "CANCELLED_BY_PROVIDER");
}

#[tokio::test]
async fn a_payment_on_the_page_starts_one_subscription() {
    let kelviq = FakeKelviq::start().await;
    let id = created(&kelviq, body(r#","customerId":"c1""#)).await;
    for _click in 0..2 {
        press(&kelviq, &id, "pay").await;
    }
    assert_eq!(kelviq.subscriptions("c1").len(), 1);
    let _ = kelviq.pay(&id);
    assert_eq!(kelviq.subscriptions("c1").len(), 1);
    assert_eq!(kelviq.subscriptions("nobody"), []);
}
