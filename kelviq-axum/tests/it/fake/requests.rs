//! Rejected requests.

use kelviq_axum::fake::FakeKelviq;
use reqwest::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use serde_json::json;

use super::support::{SUCCESS_URL, api_post, body, header, http, post, read_json};

/// A request body with the required fields and one field set to `json`.
fn with(field: &str, json: &str) -> String {
    let given: Vec<String> = [
        ("planIdentifier", r#""pro""#),
        ("successUrl", r#""https://app.example.com/thanks""#),
        ("chargePeriod", r#""MONTHLY""#),
    ]
    .into_iter()
    .filter(|(name, _)| *name != field)
    .chain([(field, json)])
    .map(|(name, json)| format!(r#""{name}":{json}"#))
    .collect();
    format!("{{{}}}", given.join(","))
}

#[tokio::test]
async fn each_missing_field_is_named() {
    let kelviq = FakeKelviq::start().await;
    let (status, response) = post(&kelviq, "{}").await;
    assert_eq!(status, 400);
    assert_eq!(
        response,
        json!({"planIdentifier": ["Required."], "successUrl": ["Required."], "chargePeriod": ["Required."]})
    );
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn each_invalid_value_is_reported_under_its_field() {
    let kelviq = FakeKelviq::start().await;
    let table: &[(&str, &[&str])] = &[
        (
            "planIdentifier",
            &["null", "1", r#""""#, r#"" ""#, r#""\ud800""#, "[]"],
        ),
        (
            "successUrl",
            &[
                "null",
                "1",
                r#""""#,
                r#""/thanks""#,
                r#""thanks""#,
                r#""app.example.com/thanks""#,
                r#""//app.example.com""#,
                r#""https:app.example.com""#,
                r#""https://""#,
                r#""https://app.example.com/a b""#,
                r#""https://app.example.com/\n""#,
                r#""javascript:alert(1)""#,
                r#""ftp://app.example.com""#,
                r#""éé""#,
            ],
        ),
        ("cancelUrl", &["1", r#""""#, r#""/cancelled""#]),
        (
            "chargePeriod",
            &["null", "1", r#""""#, r#""monthly""#, r#""QUARTERLY""#],
        ),
        ("customerId", &["1", r#""""#, "{}"]),
        (
            "ipAddress",
            &[
                "1",
                r#""""#,
                r#""localhost""#,
                r#""1.2.3""#,
                r#""1.2.3.4:80""#,
            ],
        ),
        ("plansEnabled", &["1", r#"["pro"]"#]),
        ("taxBehavior", &["1", r#""inclusive""#, r#""NONE""#]),
        ("discountsEnabled", &["1", r#""true""#]),
        ("discountCode", &["1", r#""""#]),
        ("lockEmail", &["0", r#""false""#]),
        (
            "currencyCode",
            &["840", r#""usd""#, r#""US""#, r#""USDX""#, r#""US1""#],
        ),
        (
            "defaultBillingCountry",
            &["1", r#""us""#, r#""USA""#, r#""U1""#],
        ),
        ("metadata", &["1", r#""{}""#, "[]", "true"]),
        ("offeringId", &["1"]),
        ("pricingTableId", &["1"]),
        ("ruleId", &["1"]),
        ("trialPeriod", &["0", "-1", "1.5", r#""7""#]),
        ("features", &["1", "{}", r#""seats""#]),
    ];
    for (field, values) in table {
        for json in *values {
            let (status, response) = post(&kelviq, with(field, json)).await;
            assert_eq!(status, 400, "{field}: {json}");
            let response = response.as_object().unwrap();
            assert_eq!(response.len(), 1, "{field}: {json}: {response:?}");
            assert!(
                response[*field][0].is_string(),
                "{field}: {json}: {response:?}"
            );
        }
    }
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn every_item_of_features_is_validated() {
    let kelviq = FakeKelviq::start().await;
    let features = r#"[{"identifier":"seats","quantity":5},{"identifier":1},{"quantity":"5"},{"identifier":"x","quantity":1.5},7]"#;
    let (status, response) = post(&kelviq, with("features", features)).await;
    assert_eq!(status, 400);
    let quantity = "Must be an integer, not below 0.";
    assert_eq!(
        response["features"],
        json!([
            {},
            {"identifier": ["Must be a string."], "quantity": ["Required."]},
            {"identifier": ["Required."], "quantity": [quantity]},
            {"quantity": [quantity]},
            {"nonFieldErrors": ["Must be an object."]},
        ])
    );
}

#[tokio::test]
async fn a_custom_amount_requires_a_currency_and_a_tax_behavior() {
    let kelviq = FakeKelviq::start().await;
    let (_, response) = post(&kelviq, body(r#","customAmount":10"#)).await;
    assert_eq!(
        response,
        json!({"taxBehavior": ["Required with customAmount."], "currencyCode": ["Required with customAmount."]})
    );
    let (_, response) = post(
        &kelviq,
        body(r#","customAmount":10,"taxBehavior":null,"currencyCode":"USD""#),
    )
    .await;
    assert_eq!(
        response,
        json!({"taxBehavior": ["Required with customAmount."]})
    );
    for amount in [r#""10""#, "-1", "1e12", "1e999", "true"] {
        let more =
            format!(r#","customAmount":{amount},"taxBehavior":"INCLUSIVE","currencyCode":"USD""#);
        let (status, response) = post(&kelviq, body(&more)).await;
        assert_eq!(status, 400, "{amount}");
        assert!(
            response["customAmount"][0].is_string(),
            "{amount}: {response}"
        );
    }
    let (status, _) = post(&kelviq, body(r#","customAmount":null"#)).await;
    assert_eq!(status, 201);
}

#[tokio::test]
async fn one_field_under_two_names_is_rejected() {
    let kelviq = FakeKelviq::start().await;
    let more = format!(r#","success_url":"{SUCCESS_URL}""#);
    let (status, response) = post(&kelviq, body(&more)).await;
    assert_eq!(
        (status, response),
        (
            400,
            json!({"successUrl": ["Must not be present in both camelCase and snake_case."]})
        )
    );
}

#[tokio::test]
async fn a_body_other_than_a_json_object_is_rejected() {
    let kelviq = FakeKelviq::start().await;
    for text in ["", "plan=pro", "{", "{}{}", "\u{feff}{}"] {
        let (status, response) = post(&kelviq, text).await;
        assert_eq!(status, 400, "{text:?}");
        assert!(response["detail"].is_string(), "{text:?}: {response}");
    }
    for text in ["[]", "null", "1", r#""{}""#] {
        let (status, response) = post(&kelviq, text).await;
        assert_eq!(status, 400, "{text:?}");
        assert!(
            response["nonFieldErrors"][0].is_string(),
            "{text:?}: {response}"
        );
    }
}

#[tokio::test]
async fn a_name_that_only_resembles_a_required_field_leaves_it_missing() {
    let kelviq = FakeKelviq::start().await;
    for name in [
        "plan_identifier_",
        "plan__identifier",
        "planIdentifier_",
        "plan_Identifier",
    ] {
        let (status, response) = post(&kelviq, body("").replace("planIdentifier", name)).await;
        assert_eq!(
            (status, response),
            (400, json!({"planIdentifier": ["Required."]})),
            "{name}"
        );
    }
}

#[tokio::test]
async fn bodies_that_are_not_utf_8_or_too_large_are_rejected_in_json() {
    let kelviq = FakeKelviq::start().await;
    let mut not_utf_8 = body(r#","metadata":{"a":"?"}"#).into_bytes();
    for byte in &mut not_utf_8 {
        if *byte == b'?' {
            *byte = 0xff;
        }
    }
    let too_large = vec![b' '; 3 * 1024 * 1024];
    for path in ["/checkout/", "/portal/session/"] {
        for (body, status) in [(&not_utf_8, 400), (&too_large, 413)] {
            let request = api_post(&kelviq, path, body.clone());
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), status, "{path}");
            let response = read_json(response).await;
            assert!(response["detail"].is_string(), "{path}: {response}");
        }
    }
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn the_api_requires_its_key() {
    let kelviq = FakeKelviq::start().await;
    let other = FakeKelviq::start().await;
    let given = [
        None,
        Some(String::new()),
        Some("Bearer".into()),
        Some("Bearer ".into()),
        Some(kelviq.api_key().to_owned()),
        Some(format!("Basic {}", kelviq.api_key())),
        Some(format!("Bearer {}x", kelviq.api_key())),
        Some(format!("Bearer {}", other.api_key())),
    ];
    for authorization in given {
        let mut request = http()
            .post(format!("{}/checkout/", kelviq.base_url()))
            .header(CONTENT_TYPE, "application/json")
            .body(body(""));
        if let Some(authorization) = &authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401, "{authorization:?}");
        assert_eq!(header(&response, "www-authenticate"), "Bearer");
        let response = read_json(response).await;
        assert!(response["detail"].is_string());
    }
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn content_type_method_and_path_are_checked() {
    let kelviq = FakeKelviq::start().await;
    let send = async |method: Method, path: &str, content_type: Option<&str>| {
        let url = format!("{}{path}", kelviq.base_url());
        let mut request = http()
            .request(method, url)
            .bearer_auth(kelviq.api_key())
            .body(body(""));
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        request.send().await.unwrap()
    };
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
    ] {
        let response = send(Method::POST, "/checkout/", content_type).await;
        assert_eq!(response.status(), 415, "{content_type:?}");
    }
    let json = Some("application/json; charset=utf-8");
    assert_eq!(send(Method::POST, "/checkout/", json).await.status(), 201);

    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let response = send(method, "/checkout/", json).await;
        assert_eq!(response.status(), 405);
        assert_eq!(header(&response, "allow"), "POST");
        assert!(response.text().await.unwrap().contains(r#""detail""#));
    }
    // The trailing slash is part of the path.
    for path in ["/checkout", "/checkouts/", "/checkout//", "/customers"] {
        let response = send(Method::POST, path, json).await;
        assert_eq!(response.status(), 404, "{path}");
        assert!(
            response.text().await.unwrap().contains(r#""detail""#),
            "{path}"
        );
    }
}
