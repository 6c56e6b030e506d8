//! Portal sessions, and the URL that signs the customer in.

use kelviq_core::{Error, ErrorKind, PortalSession};

use crate::support::upstream::{Upstream, ok, response};

const PORTAL: &str = r#"{"token":"cpt-1:2/3&4","email":"a@b.example","customerPortalUrl":"https://www.kelviq.com/portal/shop/"}"#;

async fn create(upstream: &Upstream, customer_id: &str) -> Result<PortalSession, Error> {
    upstream.client().create_portal_session(customer_id).await
}

#[tokio::test]
async fn the_signed_url_contains_the_token() {
    let upstream = Upstream::responding([ok(PORTAL)]).await;
    let portal = create(&upstream, "cust \"789\"").await.unwrap();
    assert_eq!(
        portal.customer_portal_url(),
        "https://www.kelviq.com/portal/shop/"
    );
    assert_eq!(portal.email.as_deref(), Some("a@b.example"));
    assert_eq!(
        portal.signed_url(),
        "https://www.kelviq.com/portal/shop/?token=cpt-1%3A2%2F3%264"
    );

    let request = &upstream.requests()[0];
    assert!(
        request.starts_with("POST /api/v1/portal/session/ HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(
        request.ends_with(r#"{"customerId":"cust \"789\""}"#),
        "{request}"
    );
}

#[tokio::test]
async fn debug_shows_neither_the_token_nor_the_email_address() {
    let upstream = Upstream::responding([ok(PORTAL)]).await;
    let portal = create(&upstream, "cust_789").await.unwrap();
    let text = format!("{portal:?}");
    assert!(!text.contains("cpt-1") && !text.contains("a@b"), "{text}");
}

#[tokio::test]
async fn a_customer_without_a_portal_is_a_field_error() {
    let body = r#"{"customerId":["Customer does not have an email"]}"#;
    let upstream = Upstream::responding([response("400 Bad Request", "", body)]).await;
    let error = create(&upstream, "cust_789").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(400)));
    assert_eq!(error.field_errors()[0].field, "customerId");
}

#[tokio::test]
async fn a_response_that_is_not_a_portal_session_is_an_error() {
    let long = "x".repeat(2049);
    let long_token = format!(r#"{{"token":"{long}","customerPortalUrl":"https://kelviq.com/"}}"#);
    let long_url = format!(r#"{{"token":"x","customerPortalUrl":"https://kelviq.com/{long}"}}"#);
    for body in [
        &*long_token,
        &*long_url,
        "<html>",
        "{}",
        r#"{"token":"x"}"#,
        r#"{"customerPortalUrl":"https://kelviq.com/"}"#,
        r#"{"token":"x","customerPortalUrl":"javascript:alert(1)"}"#,
    ] {
        let upstream = Upstream::responding([ok(body)]).await;
        let error = create(&upstream, "cust_789").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{body}");
    }
}

#[tokio::test]
async fn an_empty_customer_id_is_not_sent() {
    let upstream = Upstream::responding([ok(PORTAL)]).await;
    let error = create(&upstream, " ").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(upstream.requests(), Vec::<String>::new());
}
