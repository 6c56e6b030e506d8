//! Accepted requests, the sessions that they create, and the settings.

use std::time::Duration;

use kelviq_axum::fake::FakeKelviq;
use kelviq_core::{
    ChargePeriod, CheckoutPlan, CreateCheckoutSession, CustomAmount, Kelviq, Metadata, TaxBehavior,
    WebhookSecret,
};
use serde_json::{Value, json};

use super::support::{SUCCESS_URL, body, created, http, page_url, post, read_json, request};

/// Metadata that parsing and serializing would change.
const ODD: &str = r#"{ "z":1.10,"a" : 12345678901234567890123, "e":1e999,"order_ref":"A\u0042C-\/","camelCase":{"snake_case":null},"z":-0.0 }"#;

#[tokio::test]
async fn the_client_gets_a_session_and_the_url_of_its_page() {
    let kelviq = FakeKelviq::start().await;
    let session = kelviq
        .client()
        .create_checkout_session(&request())
        .await
        .unwrap();
    let id = &session.checkout_session_id;
    assert!(id.starts_with("cs_") && id.len() > 20, "{id}");
    assert_eq!(session.checkout_url, page_url(&kelviq, id));

    let checkouts = kelviq.checkouts();
    assert_eq!(checkouts.len(), 1);
    assert_eq!(&checkouts[0].id, id);
    assert!(!checkouts[0].is_paid);
    assert_eq!(
        checkouts[0].fields,
        json!({"planIdentifier": "pro", "successUrl": SUCCESS_URL, "chargePeriod": "MONTHLY"})
    );
    assert_eq!(checkouts[0].metadata, json!({}));
}

#[tokio::test]
async fn every_field_that_the_client_can_send_is_accepted() {
    let kelviq = FakeKelviq::start().await;
    let plan = CheckoutPlan::new("pro", ChargePeriod::TwentyEightDays)
        .quantity("seats", 5)
        .quantity("projects", 1)
        .plans_enabled(["pro", "team"])
        .custom_amount(CustomAmount::new(
            "349.90".parse().unwrap(),
            "EUR",
            TaxBehavior::Inclusive,
        ))
        .discounts_enabled(false)
        .discount_code("WELCOME20")
        .default_billing_country("DE")
        .offering_id("offering")
        .pricing_table_id("table")
        .rule_id("rule")
        .trial_period(14);
    let request = CreateCheckoutSession::new(plan, SUCCESS_URL)
        .customer_id("cust_789")
        .lock_email(true)
        .ip_address("2001:db8::1".parse().unwrap())
        .cancel_url("http://localhost:3000/pricing?from=checkout")
        .metadata(Metadata::from_json(r#"{"order_ref":"ABC-123"}"#).unwrap());
    kelviq
        .client()
        .create_checkout_session(&request)
        .await
        .unwrap();

    let checkout = &kelviq.checkouts()[0];
    assert_eq!(checkout.received, request.to_json().unwrap());
    assert_eq!(
        checkout.fields,
        json!({
            "planIdentifier": "pro",
            "successUrl": SUCCESS_URL,
            "chargePeriod": "TWENTY_EIGHT_DAYS",
            "customerId": "cust_789",
            "lockEmail": true,
            "features": [{"identifier": "seats", "quantity": 5}, {"identifier": "projects", "quantity": 1}],
            "ipAddress": "2001:db8::1",
            "cancelUrl": "http://localhost:3000/pricing?from=checkout",
            "plansEnabled": "pro,team",
            "customAmount": 349.9,
            "currencyCode": "EUR",
            "taxBehavior": "INCLUSIVE",
            "discountsEnabled": false,
            "discountCode": "WELCOME20",
            "defaultBillingCountry": "DE",
            "offeringId": "offering",
            "pricingTableId": "table",
            "ruleId": "rule",
            "trialPeriod": 14,
        })
    );
    assert_eq!(checkout.metadata, json!({"order_ref": "ABC-123"}));
}

#[tokio::test]
async fn every_charge_period_is_accepted() {
    let kelviq = FakeKelviq::start().await;
    for period in [
        "ONE_TIME",
        "MONTHLY",
        "YEARLY",
        "WEEKLY",
        "DAILY",
        "THREE_MONTHS",
        "SIX_MONTHS",
        "TWENTY_EIGHT_DAYS",
    ] {
        let body = body("").replace("MONTHLY", period);
        assert_eq!(post(&kelviq, body).await.0, 201, "{period}");
    }
}

#[tokio::test]
async fn snake_case_names_are_accepted_and_metadata_is_unchanged() {
    let kelviq = FakeKelviq::start().await;
    let body = format!(
        r#"{{"plan_identifier":"pro","success_url":"{SUCCESS_URL}","charge_period":"YEARLY","customer_id":"c","custom_amount":5,"tax_behavior":"EXCLUSIVE","currency_code":"USD","features":[{{"identifier":"seats","quantity":2}}],"metadata":{ODD}}}"#
    );
    created(&kelviq, body.clone()).await;
    let checkout = &kelviq.checkouts()[0];
    assert_eq!(checkout.received, body);
    assert_eq!(checkout.metadata.as_json(), ODD);
    assert_eq!(
        checkout.fields,
        json!({
            "planIdentifier": "pro",
            "successUrl": SUCCESS_URL,
            "chargePeriod": "YEARLY",
            "customerId": "c",
            "customAmount": 5,
            "taxBehavior": "EXCLUSIVE",
            "currencyCode": "USD",
            "features": [{"identifier": "seats", "quantity": 2}],
        })
    );
}

#[tokio::test]
async fn null_means_missing_and_unknown_fields_are_kept() {
    let kelviq = FakeKelviq::start().await;
    let more = r#","customerId":null,"features":null,"ipAddress":null,"cancelUrl":null,"plansEnabled":null,"currencyCode":null,"customAmount":null,"taxBehavior":null,"discountsEnabled":null,"discountCode":null,"lockEmail":null,"defaultBillingCountry":null,"metadata":null,"offeringId":null,"pricingTableId":null,"ruleId":null,"trialPeriod":null,"coupon_code":"X""#;
    created(&kelviq, body(more)).await;
    let checkout = &kelviq.checkouts()[0];
    assert!(checkout.metadata.is_empty());
    assert_eq!(checkout.fields["customerId"], Value::Null);
    assert_eq!(checkout.fields["coupon_code"], "X");
}

#[tokio::test]
async fn names_that_only_resemble_a_field_are_unknown_fields() {
    let kelviq = FakeKelviq::start().await;
    let more = r#","success__url":1,"customer_id_":2,"_customerId":3,"customer_Id":4,"CustomerId":5,"coupon_code":6,"couponCode":7"#;
    created(&kelviq, body(more)).await;
    assert_eq!(
        kelviq.checkouts()[0].fields,
        json!({
            "planIdentifier": "pro",
            "successUrl": SUCCESS_URL,
            "chargePeriod": "MONTHLY",
            "success__url": 1,
            "customer_id_": 2,
            "_customerId": 3,
            "customer_Id": 4,
            "CustomerId": 5,
            "coupon_code": 6,
            "couponCode": 7,
        })
    );
}

#[tokio::test]
async fn the_api_returns_a_sessions_status() {
    let kelviq = FakeKelviq::start().await;
    let id = created(&kelviq, body(&format!(r#","metadata":{ODD}"#))).await;
    let status = async |id: &str| {
        let url = format!("{}/checkout/sessions/{id}/", kelviq.base_url());
        let request = http().get(url).bearer_auth(kelviq.api_key());
        request.send().await.unwrap().text().await.unwrap()
    };
    let response = status(&id).await;
    assert!(response.contains(r#""status":"open""#), "{response}");
    assert!(
        response.contains(&format!(r#""metadata":{ODD}"#)),
        "{response}"
    );
    kelviq.pay(&id);
    assert!(status(&id).await.contains(r#""status":"success""#));
    assert!(status("cs_none").await.contains(r#""detail""#));
}

#[tokio::test]
async fn settings_take_effect() {
    let secret = WebhookSecret::new("kq_whsec_test").unwrap();
    let kelviq = FakeKelviq::builder()
        .api_key("server-test")
        .webhook_secret(secret.clone())
        .start()
        .await
        .unwrap();
    assert_eq!(kelviq.api_key(), "server-test");
    assert_eq!(
        kelviq.webhook_secret().sign("a", "1", b""),
        secret.sign("a", "1", b"")
    );
    assert!(kelviq.base_url().starts_with("http://127.0.0.1:"));
    assert!(kelviq.base_url().ends_with("/api/v1"));
    assert!(!format!("{kelviq:?}").contains("test"));

    let port = kelviq
        .base_url()
        .split([':', '/'])
        .nth(4)
        .unwrap()
        .parse()
        .unwrap();
    let taken = FakeKelviq::builder().port(port).start().await;
    assert_eq!(taken.unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
}

/// Creates a session through this base URL, opens its page and returns the page's URL.
async fn checkout_at(kelviq: &FakeKelviq, base_url: &str) -> String {
    let request = http()
        .post(format!("{base_url}/checkout/"))
        .bearer_auth(kelviq.api_key())
        .header("content-type", "application/json")
        .body(body(""));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 201);
    let session = read_json(response).await;
    session["checkoutUrl"].as_str().unwrap().to_owned()
}

#[cfg(target_os = "linux")] // elsewhere, 127.0.0.2 does not exist by default
#[tokio::test]
async fn it_listens_on_other_addresses() {
    for (address, host, page_host) in [
        ("0.0.0.0", "127.0.0.1", "127.0.0.1"),
        ("127.0.0.2", "127.0.0.2", "127.0.0.2"),
    ] {
        let address: std::net::IpAddr = address.parse().unwrap();
        let kelviq = FakeKelviq::builder().listen(address).start().await.unwrap();
        let port_and_path = kelviq.base_url().rsplit(':').next().unwrap();
        assert_eq!(kelviq.base_url(), format!("http://{host}:{port_and_path}"));
        // Its own client works.
        let client: Kelviq = kelviq.client();
        client.create_checkout_session(&request()).await.unwrap();
        // So does every address of this machine that it listens on.
        let hosts = if address.is_unspecified() {
            &["127.0.0.1", "127.0.0.2"][..]
        } else {
            &["127.0.0.2"]
        };
        for host in hosts {
            let url = checkout_at(&kelviq, &format!("http://{host}:{port_and_path}")).await;
            assert!(url.starts_with(&format!("http://{page_host}:")), "{url}");
            assert_eq!(http().get(url).send().await.unwrap().status(), 200);
        }
    }
    // By default, it listens only on 127.0.0.1.
    let kelviq = FakeKelviq::start().await;
    let elsewhere = kelviq.base_url().replace("127.0.0.1", "127.0.0.2");
    assert!(http().get(elsewhere).send().await.is_err());
}

#[tokio::test]
async fn the_public_url_is_the_one_of_the_pages() {
    for url in ["http://kelviq.test:4010", "http://kelviq.test:4010/"] {
        let kelviq = FakeKelviq::builder().public_url(url).start().await.unwrap();
        let page = checkout_at(&kelviq, kelviq.base_url()).await;
        assert!(
            page.starts_with("http://kelviq.test:4010/checkout/cs_"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn invalid_settings_are_rejected() {
    for builder in [
        FakeKelviq::builder().api_key(""),
        FakeKelviq::builder().api_key("server test"),
        FakeKelviq::builder().public_url("kelviq.test:4010"),
        FakeKelviq::builder().public_url("http://kelviq.test/path"),
        FakeKelviq::builder().webhook_url("/webhooks"),
        FakeKelviq::builder().webhook_url("ftp://127.0.0.1/"),
        FakeKelviq::builder().price("pro", "29.001", "USD"),
        FakeKelviq::builder().price("pro", "29", "usd"),
        FakeKelviq::builder().price("pro", "1200.5", "JPY"),
    ] {
        let error = builder.start().await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{error}");
        // The client's error names this variable, which does not apply to the fake.
        assert!(!error.to_string().contains("KELVIQ_API_KEY"), "{error}");
    }
}

#[tokio::test]
async fn dropping_it_stops_the_server() {
    let kelviq = FakeKelviq::start().await;
    let client: Kelviq = kelviq.client();
    client.create_checkout_session(&request()).await.unwrap();
    let address = kelviq.base_url()["http://".len()..]
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    drop(kelviq);
    let stopped = async {
        while tokio::net::TcpStream::connect(&address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), stopped)
        .await
        .unwrap();
    assert!(client.create_checkout_session(&request()).await.is_err());
}

#[tokio::test]
#[should_panic(expected = "no checkout session `cs_none`")]
async fn paying_an_unknown_session_panics() {
    FakeKelviq::start().await.pay("cs_none");
}
