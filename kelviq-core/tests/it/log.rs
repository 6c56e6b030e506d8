//! The spans and events that the client and the verifier log, which contain no personal data.

use kelviq_core::{
    CreateCheckoutSession, CustomerProfile, Metadata, WebhookHeaders, WebhookSecret,
    WebhookVerifier,
};
use tracing_subscriber::fmt::format::FmtSpan;

use crate::support::{
    log::Log,
    request::plan,
    upstream::{Upstream, created, response},
};

#[tokio::test]
async fn a_call_is_a_span_with_path_status_and_attempts_and_no_personal_data() {
    let log = Log::default();
    let guard = log.subscribe(FmtSpan::CLOSE);

    let busy = r#"{"detail":"ada@b.example is busy","email":["ada@b.example is taken"]}"#;
    let upstream = Upstream::responding([
        response("503 Service Unavailable", "Retry-After: 0\r\n", busy),
        created(),
    ])
    .await;
    let request = CreateCheckoutSession::new(plan(), "https://a.example/?x=ada")
        .customer_id("ada-lovelace")
        .metadata(Metadata::from_json(r#"{"note":"for ada"}"#).unwrap());
    let kelviq = upstream.client();
    kelviq.create_checkout_session(&request).await.unwrap();
    let profile = CustomerProfile::new("ada-lovelace").email("ada@b.example");
    kelviq.update_customer(&profile).await.unwrap();
    drop(guard);

    let log = log.text();
    for shown in [
        "method=POST",
        "/api/v1/checkout/",
        "/api/v1/customers/{id}/",
        "status=201",
        "attempts=2",
        "status=503",
    ] {
        assert!(log.contains(shown), "{shown} in {log}");
    }
    for hidden in ["ada", "0123456789abcdef", "Bearer"] {
        assert!(!log.contains(hidden), "{hidden} in {log}");
    }
}

#[test]
fn an_event_id_other_than_the_signed_webhook_id_is_logged_once_and_accepted() {
    let body = br#"{"id":"evt_1","type":"customer.created","data":{"object":{"name":"ada"}}}"#;
    let secret = WebhookSecret::new("kq_whsec_log").unwrap();
    let seconds = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap()
        .as_secs();
    let timestamp = seconds.to_string();
    for (webhook_id, lines) in [("evt_1", 0), ("msg_2", 1)] {
        let log = Log::default();
        let guard = log.subscribe(FmtSpan::CLOSE);
        let signature = secret.sign(webhook_id, &timestamp, body);
        let headers = WebhookHeaders::new(webhook_id, &timestamp, &signature);
        let verifier = WebhookVerifier::new(secret.clone());
        verifier.check_headers(headers).unwrap();
        let event = verifier.verify(headers, body).unwrap();
        drop(guard);

        assert_eq!(event.id(), "evt_1");
        let log = log.text();
        assert_eq!(log.lines().count(), lines, "{log}");
        if lines == 1 {
            assert!(log.contains(" WARN "), "{log}");
            assert!(log.contains("evt_1") && log.contains("msg_2"), "{log}");
            assert!(!log.contains("ada") && !log.contains(&signature), "{log}");
        }
    }
}
