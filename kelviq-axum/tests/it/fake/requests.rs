//! What is refused, and how.

use kelviq_axum::fake::FakeKelviq;
use reqwest::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use serde_json::{Value, json};

use super::{SUCCESS_URL, body, header, http, post};

/// The required fields with one of them replaced.
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
    let (status, answer) = post(&kelviq, "{}").await;
    assert_eq!(status, 400);
    assert_eq!(
        answer,
        json!({"planIdentifier": ["Required."], "successUrl": ["Required."], "chargePeriod": ["Required."]})
    );
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn each_malformed_value_is_refused_by_its_field() {
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
            let (status, answer) = post(&kelviq, with(field, json)).await;
            assert_eq!(status, 400, "{field}: {json}");
            let answer = answer.as_object().unwrap();
            assert_eq!(answer.len(), 1, "{field}: {json}: {answer:?}");
            assert!(answer[*field][0].is_string(), "{field}: {json}: {answer:?}");
        }
    }
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn every_item_of_features_is_judged() {
    let kelviq = FakeKelviq::start().await;
    let features = r#"[{"identifier":"seats","quantity":5},{"identifier":1},{"quantity":"5"},{"identifier":"x","quantity":1.5},7]"#;
    let (status, answer) = post(&kelviq, with("features", features)).await;
    assert_eq!(status, 400);
    let quantity = "Must be an integer, not below 0.";
    assert_eq!(
        answer["features"],
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
async fn a_custom_amount_needs_its_companions() {
    let kelviq = FakeKelviq::start().await;
    let (_, answer) = post(&kelviq, body(r#","customAmount":10"#)).await;
    assert_eq!(
        answer,
        json!({"taxBehavior": ["Required with customAmount."], "currencyCode": ["Required with customAmount."]})
    );
    let (_, answer) = post(
        &kelviq,
        body(r#","customAmount":10,"taxBehavior":null,"currencyCode":"USD""#),
    )
    .await;
    assert_eq!(
        answer,
        json!({"taxBehavior": ["Required with customAmount."]})
    );
    for amount in [r#""10""#, "-1", "1e12", "1e999", "true"] {
        let more =
            format!(r#","customAmount":{amount},"taxBehavior":"INCLUSIVE","currencyCode":"USD""#);
        let (status, answer) = post(&kelviq, body(&more)).await;
        assert_eq!(status, 400, "{amount}");
        assert!(answer["customAmount"][0].is_string(), "{amount}: {answer}");
    }
    let (status, _) = post(&kelviq, body(r#","customAmount":null"#)).await;
    assert_eq!(status, 201);
}

#[tokio::test]
async fn one_field_under_two_names_is_refused() {
    let kelviq = FakeKelviq::start().await;
    let more = format!(r#","success_url":"{SUCCESS_URL}""#);
    let (status, answer) = post(&kelviq, body(&more)).await;
    assert_eq!(
        (status, answer),
        (400, json!({"successUrl": ["Given under two names."]}))
    );
}

#[tokio::test]
async fn what_is_no_json_object_is_refused() {
    let kelviq = FakeKelviq::start().await;
    for text in ["", "plan=pro", "{", "{}{}", "\u{feff}{}"] {
        let (status, answer) = post(&kelviq, text).await;
        assert_eq!(status, 400, "{text:?}");
        assert!(answer["detail"].is_string(), "{text:?}: {answer}");
    }
    for text in ["[]", "null", "1", r#""{}""#] {
        let (status, answer) = post(&kelviq, text).await;
        assert_eq!(status, 400, "{text:?}");
        assert!(
            answer["nonFieldErrors"][0].is_string(),
            "{text:?}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_snake_case_name_that_is_not_quite_one_leaves_the_field_missing() {
    let kelviq = FakeKelviq::start().await;
    for name in [
        "plan_identifier_",
        "plan__identifier",
        "planIdentifier_",
        "plan_Identifier",
    ] {
        let (status, answer) = post(&kelviq, body("").replace("planIdentifier", name)).await;
        assert_eq!(
            (status, answer),
            (400, json!({"planIdentifier": ["Required."]})),
            "{name}"
        );
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_and_bodies_that_are_too_large_are_refused_in_json() {
    let kelviq = FakeKelviq::start().await;
    let mut no_text = body(r#","metadata":{"a":"?"}"#).into_bytes();
    for byte in &mut no_text {
        if *byte == b'?' {
            *byte = 0xff;
        }
    }
    let too_large = vec![b' '; 3 * 1024 * 1024];
    for path in ["/checkout/", "/portal/session/"] {
        for (body, status) in [(&no_text, 400), (&too_large, 413)] {
            let answer = http()
                .post(format!("{}{path}", kelviq.base_url()))
                .bearer_auth(kelviq.api_key())
                .header(CONTENT_TYPE, "application/json")
                .body(body.clone())
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), status, "{path}");
            let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
            assert!(answer["detail"].is_string(), "{path}: {answer}");
        }
    }
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn only_the_key_opens_the_api() {
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
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 401, "{authorization:?}");
        assert_eq!(header(&answer, "www-authenticate"), "Bearer");
        let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert!(answer["detail"].is_string());
    }
    assert!(kelviq.checkouts().is_empty());
}

#[tokio::test]
async fn content_type_method_and_path_count() {
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
        let answer = send(Method::POST, "/checkout/", content_type).await;
        assert_eq!(answer.status(), 415, "{content_type:?}");
    }
    let json = Some("application/json; charset=utf-8");
    assert_eq!(send(Method::POST, "/checkout/", json).await.status(), 201);

    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let answer = send(method, "/checkout/", json).await;
        assert_eq!(answer.status(), 405);
        assert_eq!(header(&answer, "allow"), "POST");
        assert!(answer.text().await.unwrap().contains(r#""detail""#));
    }
    // The trailing slash is part of the path.
    for path in ["/checkout", "/checkouts/", "/checkout//", "/customers/"] {
        let answer = send(Method::POST, path, json).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert!(
            answer.text().await.unwrap().contains(r#""detail""#),
            "{path}"
        );
    }
}
