//! Entitlements of plans, and changes that a test makes.

use kelviq_axum::fake::FakeKelviq;
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{body, buy, call, created, get, once};

async fn kelviq() -> FakeKelviq {
    FakeKelviq::builder()
        .feature("pro", "analytics")
        .meter("pro", "api-calls", 1000)
        .meter("pro", "seats", 3)
        .feature("team", "analytics")
        .start()
        .await
        .unwrap()
}

async fn entitlements(kelviq: &FakeKelviq, query: &str) -> Value {
    get(kelviq, &format!("/entitlements/?customer_id={query}")).await["entitlements"].clone()
}

/// The value of a field in each entry.
fn each<'a>(entitlements: &'a Value, field: &str) -> Vec<&'a Value> {
    let entries = entitlements.as_array().unwrap();
    entries.iter().map(|entry| &entry[field]).collect()
}

#[tokio::test]
async fn a_subscription_gives_the_features_of_its_plan_and_the_chosen_quantities() {
    let kelviq = kelviq().await;
    buy(
        &kelviq,
        "c1",
        r#","features":[{"identifier":"seats","quantity":5}]"#,
    )
    .await;
    let row = &get(&kelviq, "/subscriptions/?customer_id=c1").await["results"][0];
    let end = row["billingPeriodEndTime"].as_str().unwrap();
    let reset = end.replace('T', " ").replace('Z', "");
    assert_eq!(
        get(&kelviq, "/entitlements/?customer_id=c1").await,
        json!({"customerId": "c1", "entitlements": [
            {
                "featureId": "seats", "featureType": "CUSTOMIZABLE", "hasAccess": true,
                "usageLimit": 5, "currentUsage": 0, "remaining": 5, "hardLimit": false,
            },
            {
                "featureId": "analytics", "featureType": "BOOLEAN", "hasAccess": true,
                "usageLimit": null, "currentUsage": null, "remaining": null, "hardLimit": null,
            },
            {
                "featureId": "api-calls", "featureType": "METER", "hasAccess": true,
                "usageLimit": 1000, "currentUsage": 0, "remaining": 1000, "hardLimit": true, "resetAt": reset,
            },
        ]})
    );
    let one = entitlements(&kelviq, "c1&feature_id=api-calls").await;
    assert_eq!(each(&one, "featureId"), ["api-calls"]);
    assert_eq!(
        entitlements(&kelviq, "c1&feature_id=other").await,
        json!([])
    );
}

#[tokio::test]
async fn each_subscription_has_its_own_entry() {
    let kelviq = kelviq().await;
    buy(&kelviq, "c1", "").await;
    let team = body(r#","customerId":"c1""#).replace("pro", "team");
    let _ = kelviq.pay(&created(&kelviq, team).await);
    let analytics = entitlements(&kelviq, "c1&feature_id=analytics").await;
    assert_eq!(each(&analytics, "hasAccess"), [true, true]);
}

#[tokio::test]
async fn the_status_decides_about_the_entitlements() {
    let kelviq = kelviq().await;
    buy(&kelviq, "c1", "").await;
    let id = kelviq.subscriptions("c1")[0].id.clone();
    for (status, gives) in [
        ("trialing", true),
        ("past_due", true),
        ("incomplete", false),
        ("superseded", false),
        ("active", true),
        ("canceled", false),
    ] {
        let _ = kelviq.set_status(&id, status);
        let entitlements = entitlements(&kelviq, "c1").await;
        assert_eq!(
            !entitlements.as_array().unwrap().is_empty(),
            gives,
            "{status}"
        );
    }
    // A scheduled end is no end yet.
    buy(&kelviq, "c2", "").await;
    let _ = kelviq.cancel_at_period_end(&kelviq.subscriptions("c2")[0].id);
    assert_eq!(
        entitlements(&kelviq, "c2").await.as_array().unwrap().len(),
        3
    );
    let _ = kelviq.pay(&created(&kelviq, once(r#","customerId":"c3""#)).await);
    assert_eq!(
        entitlements(&kelviq, "c3").await.as_array().unwrap().len(),
        3
    );
}

#[tokio::test]
async fn an_unknown_customer_has_none_and_a_missing_one_is_an_error() {
    let kelviq = kelviq().await;
    assert_eq!(
        get(&kelviq, "/entitlements/?customer_id=nobody").await,
        json!({"customerId": "nobody", "entitlements": []})
    );
    for path in ["/entitlements/", "/entitlements?feature_id=analytics"] {
        let (status, errors) = call(&kelviq, Method::GET, path, Value::Null).await;
        assert_eq!(
            (status, errors),
            (400, json!({"customer_id": ["Required."]}))
        );
    }
    // The official SDKs omit the slash.
    assert_eq!(
        get(&kelviq, "/entitlements?customer_id=nobody").await["customerId"],
        "nobody"
    );
}

#[tokio::test]
async fn usage_and_access_can_be_set() {
    let kelviq = kelviq().await;
    buy(&kelviq, "c1", "").await;
    for (used, remaining, has_access) in [
        (999, 1, true),
        (1000, 0, false),
        (1001, 0, false),
        (0, 1000, true),
    ] {
        kelviq.set_usage("c1", "api-calls", used);
        let meter = &entitlements(&kelviq, "c1&feature_id=api-calls").await[0];
        assert_eq!(
            (
                &meter["currentUsage"],
                &meter["remaining"],
                &meter["hasAccess"]
            ),
            (&json!(used), &json!(remaining), &json!(has_access))
        );
    }
    kelviq.set_access("c1", "analytics", false);
    assert_eq!(
        each(
            &entitlements(&kelviq, "c1&feature_id=analytics").await,
            "hasAccess"
        ),
        [false]
    );
    kelviq.set_access("c1", "analytics", true);
    assert_eq!(
        each(
            &entitlements(&kelviq, "c1&feature_id=analytics").await,
            "hasAccess"
        ),
        [true]
    );

    // Access without a subscription.
    kelviq.set_access("c2", "beta", true);
    let beta = entitlements(&kelviq, "c2").await;
    assert_eq!(each(&beta, "featureId"), ["beta"]);
    assert_eq!(each(&beta, "featureType"), ["BOOLEAN"]);
    kelviq.set_access("c2", "beta", false);
    assert_eq!(entitlements(&kelviq, "c2").await, json!([]));
}
