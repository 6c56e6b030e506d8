//! Entitlements, which are read leniently but never as none by mistake.

use kelviq_core::{Entitlements, Error, ErrorKind, FeatureType};

use crate::support::{
    request::fields,
    upstream::{Upstream, builder, ok, response},
};

async fn retrieve(body: &str) -> Result<Entitlements, Error> {
    let upstream = Upstream::responding([ok(body)]).await;
    upstream.client().entitlements("cust_789").await
}

#[tokio::test]
async fn each_type_of_feature_is_read() {
    let entitlements = retrieve(
        r#"{"customerId": "cust_789", "entitlements": [
            {"featureId": "analytics", "featureType": "METER", "hasAccess": true, "resetAt": "2026-05-22 08:27:45",
             "hardLimit": false, "usageLimit": 3, "currentUsage": 0.5, "remaining": 2.5},
            {"featureId": "reports", "featureType": "FLAG", "hasAccess": true, "resetAt": null},
            {"featureId": "exports", "featureType": "BOOLEAN", "hasAccess": false},
            {"featureId": "seats", "featureType": "CUSTOMIZABLE", "hasAccess": true, "usageLimit": 5}]}"#,
    )
    .await
    .unwrap();
    assert_eq!(entitlements.customer_id.as_deref(), Some("cust_789"));
    assert!(entitlements.has("analytics") && entitlements.has("reports"));
    assert!(!entitlements.has("exports") && !entitlements.has("unknown") && !entitlements.has(""));

    let analytics = entitlements.feature("analytics").next().unwrap();
    assert_eq!(analytics.feature_type, Some(FeatureType::Meter));
    assert_eq!(analytics.usage_limit.as_deref(), Some("3"));
    assert_eq!(analytics.current_usage.as_deref(), Some("0.5"));
    assert_eq!(analytics.remaining.as_deref(), Some("2.5"));
    assert_eq!(analytics.hard_limit, Some(false));
    assert_eq!(analytics.reset_at.as_deref(), Some("2026-05-22 08:27:45"));
    let types: Vec<_> = entitlements.entitlements[1..]
        .iter()
        .map(|entry| entry.feature_type.clone().unwrap())
        .collect();
    assert_eq!(
        types,
        [
            FeatureType::Flag,
            FeatureType::Boolean,
            FeatureType::Customizable
        ]
    );
}

#[tokio::test]
async fn unusual_entries_do_not_affect_the_others() {
    let entitlements = retrieve(
        r#"{"customerId": null, "new": 1, "entitlements": [
            5, null, "x", [],
            {"featureId": "a", "featureType": "TIERED", "hasAccess": "true", "usageLimit": "10", "remaining": -2},
            {"featureId": "b", "hasAccess": null, "usageLimit": {}, "hardLimit": 1},
            {"featureId": "c", "hasAccess": 1},
            {"featureId": 7, "featureType": 5, "hasAccess": true},
            {"hasAccess": true}, {}]}"#,
    )
    .await
    .unwrap();
    assert_eq!(entitlements.customer_id, None);
    assert_eq!(entitlements.entitlements.len(), 6);
    assert!(entitlements.has("a") && entitlements.has("7"));
    assert!(!entitlements.has("b") && !entitlements.has("c") && !entitlements.has(""));
    let a = entitlements.feature("a").next().unwrap();
    assert_eq!(a.feature_type, Some(FeatureType::Other("TIERED".into())));
    assert_eq!(a.usage_limit.as_deref(), Some("10"));
    assert_eq!(a.remaining.as_deref(), Some("-2"));
    let b = entitlements.feature("b").next().unwrap();
    assert_eq!((&b.usage_limit, b.hard_limit), (&None, None));
}

#[tokio::test]
async fn a_feature_of_several_subscriptions_is_available_if_one_of_them_gives_access() {
    let entitlements = retrieve(
        r#"{"entitlements": [
            {"featureId": "a", "hasAccess": false, "remaining": 0}, {"featureId": "b", "hasAccess": true},
            {"featureId": "a", "hasAccess": true, "remaining": 4}]}"#,
    )
    .await
    .unwrap();
    assert!(entitlements.has("a"));
    let remaining: Vec<_> = entitlements
        .feature("a")
        .map(|entry| entry.remaining.as_deref().unwrap())
        .collect();
    assert_eq!(remaining, ["0", "4"]);
}

#[tokio::test]
async fn a_body_without_the_list_is_not_a_customer_without_entitlements() {
    for body in [
        "",
        "[]",
        "null",
        "<html>",
        "{}",
        r#"{"customerId":"cust_789"}"#,
        r#"{"entitlements":null}"#,
        r#"{"entitlements":{}}"#,
        r#"{"entitlements":"none"}"#,
        r#"{"entitlements":[5]}"#,
        r#"{"customerId":"cust_780","entitlements":[{"featureId":"a","hasAccess":true}]}"#,
        r#"{"customerId":"cust_780","entitlements":[]}"#,
    ] {
        let error = retrieve(body).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{body}");
        assert!(!error.to_string().contains("cust_"), "{error}");
    }
    let none = retrieve(r#"{"customerId":"cust_789","entitlements":[]}"#).await;
    assert!(none.unwrap().entitlements.is_empty());
    assert_eq!(Entitlements::default().customer_id, None);
    assert!(!Entitlements::default().has("a"));
}

#[tokio::test]
async fn entitlements_are_requested_from_the_edge_server_with_the_key() {
    let core = Upstream::responding([ok("{}")]).await;
    let edge = Upstream::responding([ok(r#"{"entitlements":[]}"#)]).await;
    let kelviq = core
        .builder()
        .edge_base_url(format!("{}/edge/v1", edge.url))
        .build()
        .unwrap();
    kelviq.entitlements("ada & co").await.unwrap();
    let request = &edge.requests()[0];
    let line = "GET /edge/v1/entitlements/?customer_id=ada+%26+co HTTP/1.1\r\n";
    assert!(request.starts_with(line), "{request}");
    let header = format!("authorization: Bearer {}", crate::support::upstream::KEY);
    assert!(request.contains(&header), "{request}");
    assert_eq!(core.requests(), Vec::<String>::new());

    kelviq.retrieve_checkout_session("cs_1").await.unwrap();
    assert_eq!((core.requests().len(), edge.requests().len()), (1, 1));
}

#[tokio::test]
async fn an_error_names_the_edge_server_and_its_variable() {
    let core = Upstream::responding([ok("{}")]).await;
    let edge = Upstream::responding([response("401 Unauthorized", "", "{}")]).await;
    let builder = core.builder().edge_base_url(&edge.url);
    let error = builder.build().unwrap().entitlements("cust_789").await;
    let text = error.unwrap_err().to_string();
    let host = edge.url.strip_prefix("http://").unwrap();
    assert!(
        text.contains(host) && text.contains("(KELVIQ_EDGE_BASE_URL)"),
        "{text}"
    );

    let closed = core.builder().edge_base_url("http://127.0.0.1:1");
    let kelviq = closed.max_retries(0).build().unwrap();
    let error = kelviq.entitlements("cust_789").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.to_string().contains("127.0.0.1:1"), "{error}");
}

#[tokio::test]
async fn a_lost_answer_is_requested_again_and_an_invalid_id_never() {
    let lost = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{";
    let upstream = Upstream::responding([lost.to_owned(), ok(r#"{"entitlements":[]}"#)]).await;
    upstream.client().entitlements("cust_789").await.unwrap();
    assert_eq!(upstream.requests().len(), 2);

    let kelviq = builder("http://127.0.0.1:1").build().unwrap();
    for id in ["", " ", "z\n", &"z".repeat(501)] {
        let error = kelviq.entitlements(id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(fields(&error), ["customer_id"]);
    }
}
