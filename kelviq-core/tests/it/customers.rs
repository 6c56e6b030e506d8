//! Customers: what is sent, and how the races between requests end.

use kelviq_core::{Customer, CustomerProfile, Error, ErrorKind};

use crate::support::{
    request::fields,
    upstream::{Upstream, ok, response},
};

const CUSTOMER: &str = r#"{
    "id": "a1b2c3d4-e5f6-7890-1234-567890abcdef", "customerId": "cust_789", "name": "Ada", "email": "Ada@B.example",
    "details": {"riskLevel": 1}, "metadata": {"camelCase": "kept"},
    "billingAddress": {"country": "NL", "line1": "Kade 1", "postalCode": "3011 WK"},
    "createdOn": "2026-06-04T06:03:30.195790Z", "modifiedOn": "2026-06-04T06:03:31Z"
}"#;

const LOST: &str = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{";

fn ada() -> CustomerProfile {
    CustomerProfile::new("cust_789").email("Ada@B.example")
}

fn not_found() -> String {
    let body = r#"{"detail":"No Customer matches the given query."}"#;
    response("404 Not Found", "", body)
}

fn rejected(status: &str, field: &str) -> String {
    response(
        status,
        "",
        &format!(r#"{{"{field}":["This is invalid."]}}"#),
    )
}

fn created() -> String {
    response("201 Created", "", CUSTOMER)
}

async fn upsert(upstream: &Upstream) -> Result<Customer, Error> {
    upstream.client().upsert_customer(&ada()).await
}

/// The methods and paths of the requests.
fn sent(upstream: &Upstream) -> Vec<String> {
    let requests = upstream.requests();
    let lines = requests.iter().map(|request| request.lines().next());
    lines
        .map(|line| line.unwrap().replace(" HTTP/1.1", ""))
        .collect()
}

fn body(request: &str) -> &str {
    request.split_once("\r\n\r\n").unwrap().1
}

const PATCH: &str = "PATCH /api/v1/customers/cust_789/";
const POST: &str = "POST /api/v1/customers/";

#[tokio::test]
async fn only_the_given_fields_are_sent() {
    let id = CustomerProfile::new("cust_789");
    for (profile, updated, created) in [
        (id.clone(), "{}", r#"{"customerId":"cust_789"}"#),
        (
            id.clone().email("a@b.example"),
            r#"{"email":"a@b.example"}"#,
            r#"{"customerId":"cust_789","email":"a@b.example"}"#,
        ),
        (
            id.clone().name("Ada \"É\""),
            r#"{"name":"Ada \"É\""}"#,
            r#"{"customerId":"cust_789","name":"Ada \"É\""}"#,
        ),
        (
            id.email("a@b.example").name(" Ada "),
            r#"{"email":"a@b.example","name":" Ada "}"#,
            r#"{"customerId":"cust_789","email":"a@b.example","name":" Ada "}"#,
        ),
    ] {
        let upstream = Upstream::responding([ok(CUSTOMER)]).await;
        let kelviq = upstream.client();
        kelviq.update_customer(&profile).await.unwrap();
        kelviq.create_customer(&profile).await.unwrap();
        assert_eq!(sent(&upstream), [PATCH, POST]);
        let requests = upstream.requests();
        assert_eq!(body(&requests[0]), updated);
        assert_eq!(body(&requests[1]), created);
    }
}

#[tokio::test]
async fn the_customer_is_read_from_camel_case_and_its_metadata_is_kept() {
    let upstream = Upstream::responding([ok(CUSTOMER)]).await;
    let customer = upsert(&upstream).await.unwrap();
    let text = |field: &Option<String>| field.clone().unwrap();
    assert_eq!(
        text(&customer.kelviq_customer_id),
        "a1b2c3d4-e5f6-7890-1234-567890abcdef"
    );
    assert_eq!(text(&customer.customer_id), "cust_789");
    assert_eq!(text(&customer.name), "Ada");
    assert_eq!(text(&customer.email), "Ada@B.example");
    let metadata = customer.metadata.unwrap();
    assert_eq!(metadata.get_json("camelCase"), Some(r#""kept""#));
    assert_eq!(customer.details.unwrap().as_json(), r#"{"riskLevel": 1}"#);
    let address = customer.billing_address.unwrap();
    assert_eq!(text(&address.postal_code), "3011 WK");
    assert_eq!(
        customer.created_on.unwrap().as_str(),
        "2026-06-04T06:03:30.195790Z"
    );
    assert_eq!(sent(&upstream), [PATCH]);
}

#[tokio::test]
async fn an_unknown_customer_is_created() {
    let upstream = Upstream::responding([not_found(), created()]).await;
    let customer = upsert(&upstream).await.unwrap();
    assert_eq!(customer.customer_id.as_deref(), Some("cust_789"));
    assert_eq!(sent(&upstream), [PATCH, POST]);
}

#[tokio::test]
async fn a_customer_that_was_created_in_the_meantime_is_updated() {
    for status in ["400 Bad Request", "409 Conflict"] {
        let in_use = rejected(status, "customerId");
        let upstream = Upstream::responding([not_found(), in_use, ok(CUSTOMER)]).await;
        let customer = upsert(&upstream).await.unwrap();
        assert_eq!(customer.name.as_deref(), Some("Ada"));
        assert_eq!(sent(&upstream), [PATCH, POST, PATCH]);
        assert_eq!(
            body(&upstream.requests()[2]),
            r#"{"email":"Ada@B.example"}"#
        );
    }
}

#[tokio::test]
async fn the_id_of_an_archived_customer_is_the_error_of_the_creation() {
    for (status, number) in [("400 Bad Request", 400), ("409 Conflict", 409)] {
        let in_use = rejected(status, "customerId");
        let upstream = Upstream::responding([not_found(), in_use, not_found()]).await;
        let error = upsert(&upstream).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Api, Some(number))
        );
        assert_eq!(fields(&error), ["customerId"]);
        assert_eq!(sent(&upstream), [PATCH, POST, PATCH]);
    }
}

#[tokio::test]
async fn a_rejected_field_is_named_for_a_known_and_for_an_unknown_customer() {
    let invalid = || rejected("400 Bad Request", "email");
    let known = Upstream::responding([invalid()]).await;
    let unknown = Upstream::responding([not_found(), invalid(), not_found()]).await;
    for (upstream, requests) in [(known, 1), (unknown, 3)] {
        let error = upsert(&upstream).await.unwrap_err();
        assert_eq!(error.status(), Some(400));
        assert_eq!(fields(&error), ["email"]);
        assert_eq!(upstream.requests().len(), requests);
    }
}

#[tokio::test]
async fn any_other_failure_ends_the_upsert() {
    for (status, number) in [
        ("401 Unauthorized", 401),
        ("403 Forbidden", 403),
        ("500 Oops", 500),
    ] {
        let failed = || response(status, "", "{}");
        let update = Upstream::responding([failed()]).await;
        let creation = Upstream::responding([not_found(), failed()]).await;
        let second = rejected("409 Conflict", "customerId");
        let second = Upstream::responding([not_found(), second, failed()]).await;
        for (upstream, requests) in [(update, 1), (creation, 2), (second, 3)] {
            let error = upsert(&upstream).await.unwrap_err();
            assert_eq!(error.status(), Some(number));
            assert_eq!(upstream.requests().len(), requests);
        }
    }
    // No such path: then nothing is created either.
    let upstream = Upstream::responding([not_found()]).await;
    assert_eq!(upsert(&upstream).await.unwrap_err().status(), Some(404));
    assert_eq!(sent(&upstream), [PATCH, POST]);
}

#[tokio::test]
async fn after_a_lost_connection_an_update_is_retried_and_a_creation_is_not() {
    let upstream = Upstream::responding([LOST.to_owned(), ok(CUSTOMER)]).await;
    upsert(&upstream).await.unwrap();
    assert_eq!(sent(&upstream), [PATCH, PATCH]);

    let upstream = Upstream::responding([not_found(), LOST.to_owned()]).await;
    let error = upsert(&upstream).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.is_retryable());
    assert_eq!(sent(&upstream), [PATCH, POST]);
}

#[tokio::test]
async fn an_id_reaches_kelviq_unchanged() {
    for (id, path) in [
        ("user 1", "user%201"),
        ("a/b", "a%2Fb"),
        ("/a/", "%2Fa%2F"),
        ("a\\b", "a%5Cb"),
        ("a?b=c&d", "a%3Fb=c&d"),
        ("a#b", "a%23b"),
        ("100%", "100%25"),
        ("%2e%2e", "%252e%252e"),
        ("..%2Fplans", "..%252Fplans"),
        ("...", "..."),
        ("ada@b.example", "ada@b.example"),
        ("auth0|5f7", "auth0|5f7"),
        ("é\u{1f600}", "%C3%A9%F0%9F%98%80"),
        ("a;b:c+d\"", "a;b:c+d%22"),
    ] {
        let upstream = Upstream::responding([ok("{}")]).await;
        let profile = CustomerProfile::new(id);
        upstream.client().update_customer(&profile).await.unwrap();
        let line = format!("PATCH /api/v1/customers/{path}/");
        assert_eq!(sent(&upstream), [line], "{id}");
    }
    let upstream = Upstream::responding([ok("{}")]).await;
    let kelviq = upstream.builder().base_url(format!("{}/x", upstream.url));
    let profile = CustomerProfile::from("a/b");
    kelviq
        .build()
        .unwrap()
        .update_customer(&profile)
        .await
        .unwrap();
    assert_eq!(sent(&upstream), ["PATCH /x/customers/a%2Fb/"]);
}

#[tokio::test]
async fn an_invalid_profile_is_not_sent_and_its_error_does_not_repeat_it() {
    let upstream = Upstream::responding([ok(CUSTOMER)]).await;
    let kelviq = upstream.client();
    let long = "zz".repeat(251);
    let id = |id: &str| (CustomerProfile::new(id), "customerId");
    let mut profiles = vec![
        (ada().email(""), "email"),
        (ada().email("zz\n@b.example"), "email"),
        (ada().email(&*long), "email"),
        (ada().name(" \u{a0} "), "name"),
        (ada().name("zz\u{7f}"), "name"),
        (ada().name("é".repeat(501)), "name"),
    ];
    profiles.extend(
        [
            "",
            " ",
            " zz",
            "zz\t",
            "zz\0",
            "zz\r\nx",
            &long,
            ".",
            "..",
            "zz/../plans",
            "../zz",
            "zz\\..",
            "./zz",
        ]
        .map(id),
    );
    for (profile, field) in profiles {
        for result in [
            kelviq.update_customer(&profile).await,
            kelviq.create_customer(&profile).await,
            kelviq.upsert_customer(&profile).await,
        ] {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert_eq!(fields(&error)[0], field, "{:?}", profile.customer_id());
            let text = format!("{error} {error:?} {profile:?}");
            assert!(!text.contains("zz") && !text.contains("cust_"), "{text}");
        }
    }
    assert_eq!(upstream.requests(), Vec::<String>::new());

    let longest = "é".repeat(500);
    let profile = CustomerProfile::new("cust_789")
        .email(&*longest)
        .name(&*longest);
    kelviq.update_customer(&profile).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_is_not_this_customer_is_an_error() {
    for body in [
        "[]",
        "<html>",
        "",
        r#"{"customerId":"cust_780"}"#,
        r#"{"customerId":7}"#,
    ] {
        let upstream = Upstream::responding([ok(body)]).await;
        let error = upsert(&upstream).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{body}");
        assert_eq!(upstream.requests().len(), 1);
    }
    let upstream = Upstream::responding([ok(r#"{"customerId":7,"email":null}"#)]).await;
    let profile = CustomerProfile::new(7);
    let customer = upstream.client().update_customer(&profile).await.unwrap();
    assert_eq!(customer.customer_id.as_deref(), Some("7"));
    assert_eq!(customer.email, None);
}

#[test]
fn an_id_alone_is_a_profile() {
    let profile = CustomerProfile::new(7041);
    assert_eq!(profile, "7041".into());
    assert_eq!(profile, "7041".to_owned().into());
    assert_eq!(profile.customer_id(), "7041");
    assert!(!profile.has_email() && !profile.has_name());
    let named = profile.clone().email("a@b.example").name("Ada");
    assert!(named.has_email() && named.has_name());
    assert_ne!(named, profile);
    let shown = format!("{named:?}");
    for hidden in ["7041", "a@b", "Ada"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}
