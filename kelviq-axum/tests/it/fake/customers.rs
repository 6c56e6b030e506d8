//! Customers: their records, and what a checkout makes of them.

use kelviq_axum::fake::{FakeKelviq, Fault};
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{body, buy, call, created, customer_of, event, get};

const ADA: &str = "/customers/ada%20l/";

/// Creates the customer of `ADA`.
async fn ada(kelviq: &FakeKelviq) -> Value {
    let customer = json!({
        "customerId": "ada l",
        "email": "Ada@Example.com",
        "name": "Ada",
        "metadata": {"camelCase": "x", "snake_case": "y"},
        "billing_address": {"country": "GB", "line1": "1 Main St", "postal_code": "N1", "city": "London", "state": "LND"},
    });
    let (status, customer) = call(kelviq, Method::POST, "/customers/", customer).await;
    assert_eq!(status, 201);
    customer
}

#[tokio::test]
async fn a_customer_has_every_field_and_the_email_as_typed() {
    let kelviq = FakeKelviq::start().await;
    let mut customer = ada(&kelviq).await;
    assert_eq!(get(&kelviq, ADA).await, customer);
    let fields = customer.as_object_mut().unwrap();
    assert_eq!(fields.remove("id").unwrap().as_str().unwrap().len(), 36);
    for time in ["createdOn", "modifiedOn"] {
        let time = fields.remove(time).unwrap();
        assert_eq!(
            time.as_str().unwrap().len(),
            "2025-06-04T06:03:30.195790Z".len()
        );
    }
    assert_eq!(
        customer,
        json!({
            "customerId": "ada l",
            "name": "Ada",
            "email": "Ada@Example.com",
            "details": {},
            "metadata": {"camelCase": "x", "snake_case": "y"},
            "billingAddress": {"country": "GB", "line1": "1 Main St", "line2": null, "postalCode": "N1", "city": "London", "state": "LND"},
        })
    );
}

#[tokio::test]
async fn an_update_changes_only_the_given_fields() {
    let kelviq = FakeKelviq::start().await;
    let before = ada(&kelviq).await;
    for (fields, changed) in [
        (json!({"name": "Ada L"}), json!({"name": "Ada L"})),
        (json!({"email": null}), json!({"email": null})),
        (
            json!({"email": "a@example.org", "customerId": "other"}),
            json!({"email": "a@example.org"}),
        ),
        (
            json!({"metadata": {"k": "v"}}),
            json!({"metadata": {"k": "v"}}),
        ),
        (
            json!({"billingAddress": null}),
            json!({"billingAddress": null}),
        ),
    ] {
        let (status, after) = call(&kelviq, Method::PATCH, ADA, fields).await;
        assert_eq!(status, 200);
        for (name, value) in changed.as_object().unwrap() {
            assert_eq!(after[name], *value);
        }
        assert_eq!(after["customerId"], "ada l");
        assert_eq!(after["createdOn"], before["createdOn"]);
    }
    let after = get(&kelviq, ADA).await;
    assert_eq!(
        (&after["name"], &after["email"]),
        (&json!("Ada L"), &json!("a@example.org"))
    );

    let unknown = call(
        &kelviq,
        Method::PATCH,
        "/customers/nobody/",
        json!({"name": "x"}),
    )
    .await;
    assert_eq!(unknown.0, 404);
    assert!(unknown.1["detail"].is_string());
}

#[tokio::test]
async fn invalid_fields_are_named() {
    let kelviq = FakeKelviq::start().await;
    let post = async |fields| call(&kelviq, Method::POST, "/customers/", fields).await;
    let (status, errors) = post(json!({
        "customerId": " ",
        "email": "ada",
        "name": 1,
        "metadata": {"n": 1},
        "billingAddress": {"city": 1},
    }))
    .await;
    assert_eq!(status, 400);
    let errors = errors.as_object().unwrap();
    for field in ["customerId", "email", "name", "metadata", "billingAddress"] {
        assert!(errors[field][0].is_string(), "{field}");
    }
    assert_eq!(
        post(json!({})).await,
        (400, json!({"customerId": ["Required."]}))
    );
    for email in [
        "",
        "@example.com",
        "a@example",
        "a b@example.com",
        "a@b@example.com",
        "a@.com",
    ] {
        let (status, errors) = post(json!({"customerId": "x", "email": email})).await;
        assert_eq!(status, 400, "{email}");
        assert!(errors["email"][0].is_string(), "{email}");
    }
    ada(&kelviq).await;
    let (status, errors) = call(&kelviq, Method::PATCH, ADA, json!({"email": "ada"})).await;
    assert_eq!((status, errors["email"].is_array()), (400, true));
    assert_eq!(get(&kelviq, "/customers/").await["count"], 1);
}

#[tokio::test]
async fn an_id_is_never_free_again() {
    let kelviq = FakeKelviq::start().await;
    ada(&kelviq).await;
    let again = json!({"customer_id": "ada l"});
    let (status, errors) = call(&kelviq, Method::POST, "/customers/", again.clone()).await;
    assert_eq!((status, errors["customerId"].is_array()), (400, true));

    assert_eq!(
        call(&kelviq, Method::DELETE, ADA, Value::Null).await,
        (204, Value::Null)
    );
    for (method, body) in [
        (Method::GET, Value::Null),
        (Method::DELETE, Value::Null),
        (Method::PATCH, json!({"name": "x"})),
    ] {
        assert_eq!(call(&kelviq, method, ADA, body).await.0, 404);
    }
    assert_eq!(get(&kelviq, "/customers/").await["count"], 0);
    let (status, errors) = call(&kelviq, Method::POST, "/customers/", again).await;
    assert_eq!((status, errors["customerId"].is_array()), (400, true));

    // A session for the customer can still be paid.
    let paid = event(&buy(&kelviq, "ada l", "").await);
    assert_eq!(
        paid["data"]["object"]["customer"]["email"],
        "Ada@Example.com"
    );
    assert_eq!(get(&kelviq, "/customers/").await["count"], 0);
}

#[tokio::test]
async fn customers_can_share_an_email_and_are_found_by_it() {
    let kelviq = FakeKelviq::start().await;
    for id in ["c1", "c2", "c3"] {
        let email = if id == "c3" {
            "other@example.com"
        } else {
            "Same@example.com"
        };
        let customer = json!({"customerId": id, "email": email, "name": format!("Name {id}")});
        assert_eq!(
            call(&kelviq, Method::POST, "/customers/", customer).await.0,
            201
        );
    }
    for (query, found) in [
        ("", vec!["c3", "c2", "c1"]),
        ("?search=same@", vec!["c2", "c1"]),
        ("?search=NAME%20C3", vec!["c3"]),
        ("?search=c1", vec!["c1"]),
        ("?search=nobody", vec![]),
        ("?page_size=2", vec!["c3", "c2"]),
        ("?page_size=2&page=2", vec!["c1"]),
    ] {
        let list = get(&kelviq, &format!("/customers/{query}")).await;
        let ids: Vec<_> = list["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| &c["customerId"])
            .collect();
        assert_eq!(ids, found, "{query}");
    }
}

#[tokio::test]
async fn a_session_makes_a_customer_with_the_id_as_name_and_without_email() {
    let kelviq = FakeKelviq::start().await;
    let id = created(&kelviq, body(r#","customerId":"cust_1""#)).await;
    let customer = get(&kelviq, "/customers/cust_1/").await;
    assert_eq!(
        (&customer["name"], &customer["email"]),
        (&json!("cust_1"), &Value::Null)
    );
    let session = get(&kelviq, &format!("/checkout/sessions/{id}/")).await;
    assert_eq!(
        session["customer"],
        json!({"customerId": "cust_1", "name": "cust_1", "email": null})
    );

    // Without an id, the customer gets a generated one.
    let anonymous = kelviq.pay(&created(&kelviq, body("")).await);
    let customer_id = customer_of(&anonymous);
    let customer = get(&kelviq, &format!("/customers/{customer_id}/")).await;
    let paid = &event(&anonymous)["data"]["object"];
    assert_eq!(paid["customer_id"], customer["id"]);
    assert_eq!(paid["customer"]["email"], customer["email"]);
    assert_eq!(customer["name"], "Test Buyer");
    assert_eq!(customer["billingAddress"]["country"], "US");
}

#[tokio::test]
async fn the_event_and_the_session_have_the_written_name_and_email() {
    let kelviq = FakeKelviq::start().await;
    let customer = ada(&kelviq).await;
    let paid = event(&buy(&kelviq, "ada l", r#","lockEmail":true"#).await);
    let object = &paid["data"]["object"];
    assert_eq!(
        object["customer"],
        json!({
            "id": customer["id"],
            "name": "Ada",
            "email": "Ada@Example.com",
            "customer_id": "ada l",
            "billing_address": {"country": "GB", "line1": "1 Main St", "line2": null, "postal_code": "N1", "city": "London", "state": "LND"},
        })
    );
    assert_eq!(object["data"]["email"], "Ada@Example.com");
    let session = get(
        &kelviq,
        &format!("/checkout/sessions/{}/", object["id"].as_str().unwrap()),
    )
    .await;
    assert_eq!(
        session["customer"],
        json!({"customerId": "ada l", "name": "Ada", "email": "Ada@Example.com"})
    );
    assert_eq!(session["paymentMethod"]["last4"], "4242");
    assert_eq!(session["subscription"]["status"], "active");
}

#[tokio::test]
async fn faults_and_the_key_apply_to_every_route() {
    let kelviq = FakeKelviq::start().await;
    for (method, path) in [
        (Method::POST, "/customers/"),
        (Method::GET, "/customers/"),
        (Method::PATCH, "/customers/x/"),
        (Method::GET, "/subscriptions/"),
        (Method::POST, "/subscriptions/x/cancel/"),
        (Method::GET, "/entitlements/?customer_id=x"),
        (Method::GET, "/entitlements?customer_id=x"),
    ] {
        kelviq.inject_next(Fault::Error(503));
        let body = if method == Method::GET {
            Value::Null
        } else {
            json!({"customerId": "x"})
        };
        assert_eq!(
            call(&kelviq, method.clone(), path, body).await.0,
            503,
            "{path}"
        );
        let url = format!("{}{path}", kelviq.base_url());
        let response = super::support::http()
            .request(method, url)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 401, "{path}");
    }
    assert_eq!(get(&kelviq, "/customers/").await["count"], 0);
}
