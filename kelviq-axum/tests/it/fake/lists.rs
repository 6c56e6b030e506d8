//! The list of sessions and the webhook log.

use axum::{Router, http::StatusCode, routing::post};
use futures_util::TryStreamExt;
use kelviq_axum::fake::FakeKelviq;
use kelviq_core::{
    __internal::{checkout_session_event, logged_event},
    CheckoutSessionDetails, EventData, EventSource, EventType, ListCheckoutSessions,
    ListWebhookLogs, Metadata, OrderStatus, SessionStatus, WebhookLog,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::support::{SUCCESS_URL, body, created, customer_of, http, once, press, read_json};

/// Metadata that parsing and serializing would change.
const ODD: &str = r#"{ "z":1.10,"order_ref":"A\u0042C","camelCase":{"snake_case":null},"z":-0.0 }"#;

async fn logs(kelviq: &FakeKelviq, list: ListWebhookLogs) -> Vec<WebhookLog> {
    let entries = kelviq.client().list_webhook_logs(list);
    entries.try_collect().await.unwrap()
}

async fn sessions(kelviq: &FakeKelviq, list: ListCheckoutSessions) -> Vec<CheckoutSessionDetails> {
    let sessions = kelviq.client().list_checkout_sessions(list);
    sessions.try_collect().await.unwrap()
}

fn app(status: StatusCode) -> Router {
    Router::new().route("/webhooks", post(status))
}

/// The ids of the events and the statuses of the attempts.
fn attempts(entries: &[WebhookLog]) -> Vec<(&str, Option<i64>)> {
    entries
        .iter()
        .map(|entry| (entry.event_id.as_deref().unwrap(), entry.status_code))
        .collect()
}

#[tokio::test]
async fn an_event_that_was_not_delivered_is_in_the_log_as_a_failed_attempt() {
    let kelviq = FakeKelviq::start().await;
    assert_eq!(logs(&kelviq, ListWebhookLogs::new()).await, []);
    let payment = kelviq.pay(&created(&kelviq, body("")).await);
    let entries = logs(&kelviq, ListWebhookLogs::new()).await;
    let subscription = &kelviq.subscriptions(&customer_of(&payment))[0];
    let started = kelviq.subscription_created(&subscription.id);
    assert_eq!(
        attempts(&entries),
        [(started.event_id(), None), (payment.event_id(), None)]
    );
    assert_eq!(entries[0].event_type, Some(EventType::SubscriptionCreated));
    let entry = &entries[1];
    assert_eq!(entry.is_success, Some(false));
    assert_eq!(entry.retry_count, Some(0));
    assert_eq!(entry.event_type, Some(EventType::CheckoutCompleted));
    assert!(entry.id.is_some() && entry.endpoint.is_some() && entry.last_attempt.is_some());
    let payload = entry.payload.as_ref().unwrap().as_json();
    assert_eq!(payload, payment.as_json());
    let event = logged_event(payload).unwrap();
    assert_eq!(event.id(), payment.event_id());
    assert_eq!(event.source(), EventSource::WebhookLog);
    // The API has fractions of seconds, the events do not.
    let created_on = entry.created_on.as_deref().unwrap();
    assert_eq!(event.created_at().unwrap()[..19], created_on[..19]);
    // The placeholder is the same entry at every request.
    assert_eq!(logs(&kelviq, ListWebhookLogs::new()).await, entries);
}

#[tokio::test]
async fn the_log_lists_each_attempt_newest_first() {
    let kelviq = FakeKelviq::start().await;
    let payment = kelviq.pay(&created(&kelviq, once("")).await);
    let again = payment.again_as_new_event();
    payment
        .deliver_to(&app(StatusCode::INTERNAL_SERVER_ERROR), "/webhooks")
        .await;
    payment
        .deliver_to(&app(StatusCode::ACCEPTED), "/webhooks")
        .await;
    let entries = logs(&kelviq, ListWebhookLogs::new()).await;
    assert_eq!(
        attempts(&entries),
        [
            (payment.event_id(), Some(202)),
            (payment.event_id(), Some(500)),
            (again.event_id(), None),
        ]
    );
    let retries: Vec<_> = entries.iter().map(|entry| entry.retry_count).collect();
    assert_eq!(retries, [Some(1), Some(0), Some(0)]);
    let successes: Vec<_> = entries.iter().map(|entry| entry.is_success).collect();
    assert_eq!(successes, [Some(true), Some(false), Some(false)]);
}

#[tokio::test]
async fn a_delivery_to_the_webhook_url_is_in_the_log_with_its_status() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhooks", listener.local_addr().unwrap());
    let kelviq = FakeKelviq::builder()
        .webhook_url(url)
        .start()
        .await
        .unwrap();
    tokio::spawn(async { axum::serve(listener, app(StatusCode::SERVICE_UNAVAILABLE)).await });
    press(&kelviq, &created(&kelviq, once("")).await, "pay").await;
    let entries = logs(&kelviq, ListWebhookLogs::new()).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].status_code, Some(503));
    assert_eq!(entries[0].is_success, Some(false));
}

#[tokio::test]
async fn a_refused_connection_is_in_the_log_without_a_status() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhooks", listener.local_addr().unwrap());
    drop(listener);
    let kelviq = FakeKelviq::builder()
        .webhook_url(url)
        .start()
        .await
        .unwrap();
    press(&kelviq, &created(&kelviq, once("")).await, "pay").await;
    let entries = logs(&kelviq, ListWebhookLogs::new()).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].status_code, None);
    assert_eq!(entries[0].is_success, Some(false));
}

#[tokio::test]
async fn the_payloads_can_have_keys_in_camel_case() {
    let kelviq = FakeKelviq::builder()
        .camel_case_logs()
        .start()
        .await
        .unwrap();
    let more = format!(r#","customerId":"cust_789","metadata":{ODD}"#);
    let payment = kelviq.pay(&created(&kelviq, once(&more)).await);
    let entries = logs(&kelviq, ListWebhookLogs::new()).await;
    let payload = entries[0].payload.as_ref().unwrap().as_json();
    for (there, not_there) in [
        ("createdAt", "created_at"),
        ("amountUnits", "amount_units"),
        ("successUrl", "success_url"),
    ] {
        assert!(payload.contains(there), "{payload}");
        assert!(!payload.contains(not_there), "{payload}");
    }
    let event = logged_event(payload).unwrap();
    let value = |json| serde_json::from_str::<Value>(json).unwrap();
    assert_eq!(value(event.as_json()), value(payment.as_json()));
    let EventData::CheckoutCompleted(paid) = event.data() else {
        panic!("{event:?}");
    };
    assert_eq!(paid.metadata.unwrap().as_json(), ODD);
    assert_eq!(paid.data.unwrap().success_url.as_deref(), Some(SUCCESS_URL));
    // The deliveries are the same as always.
    assert!(payment.as_json().contains("created_at"));
}

#[tokio::test]
async fn the_list_of_sessions_can_be_filtered() {
    let kelviq = FakeKelviq::start().await;
    let open = created(&kelviq, body(r#","customerId":"Cust_1""#)).await;
    let more = format!(r#","customerId":"cust_2","metadata":{ODD}"#);
    let paid = created(&kelviq, body(&more)).await;
    kelviq.pay(&paid);

    let list = ListCheckoutSessions::new;
    let today = sessions(&kelviq, list()).await[0].created_on.clone();
    let today = &today.unwrap()[..10];
    for (list, expected) in [
        (list(), vec![&paid, &open]),
        (list().status(SessionStatus::Success), vec![&paid]),
        (list().status(SessionStatus::Open), vec![&open]),
        (list().status(SessionStatus::Expired), vec![]),
        (list().search(&open), vec![&open]),
        (list().search("CUST_1"), vec![&open]),
        (list().search("buyer@example"), vec![&paid]),
        (list().search("nobody"), vec![]),
        (list().start_date(today), vec![&paid, &open]),
        (list().start_date("2000-01-01"), vec![&paid, &open]),
        (list().start_date("2999-01-01"), vec![]),
        (list().end_date("2000-01-01"), vec![]),
        (list().end_date("2999-01-01"), vec![&paid, &open]),
    ] {
        let shown = format!("{list:?}");
        let sessions = sessions(&kelviq, list).await;
        let ids: Vec<_> = sessions.iter().flat_map(|session| &session.id).collect();
        assert_eq!(ids, expected, "{shown}");
    }

    let paid_sessions = sessions(&kelviq, list().status(SessionStatus::Success)).await;
    let session = &paid_sessions[0];
    assert!(session.is_paid());
    assert_eq!(session.metadata.as_ref().unwrap().as_json(), ODD);
    let event = checkout_session_event(session).unwrap();
    assert_eq!(event.id(), format!("checkout.completed:{paid}"));
    let EventData::CheckoutCompleted::<Metadata>(completed) = event.data() else {
        panic!("{event:?}");
    };
    assert_eq!(completed.key(), paid);
    assert_eq!(
        completed.data.unwrap().success_url.as_deref(),
        Some(SUCCESS_URL)
    );

    // Only the session itself has the order.
    assert_eq!(session.order, None);
    let kelviq = kelviq.client();
    let session = kelviq.retrieve_checkout_session(&paid).await.unwrap();
    let order = session.order.as_ref().unwrap();
    assert_eq!(order.status, Some(OrderStatus::Complete));
    assert_eq!(order.amount_total.as_ref().unwrap().as_str(), "29.00");
    let session = kelviq.retrieve_checkout_session(&open).await.unwrap();
    assert_eq!((session.is_paid(), session.order), (false, None));
}

/// Requests a list and returns the status and the JSON of the response.
async fn get(kelviq: &FakeKelviq, path: &str) -> (u16, Value) {
    let url = format!("{}{path}", kelviq.base_url());
    let response = http().get(url).bearer_auth(kelviq.api_key()).send().await;
    let response = response.unwrap();
    (response.status().as_u16(), read_json(response).await)
}

#[tokio::test]
async fn lists_have_pages() {
    let kelviq = FakeKelviq::start().await;
    for _ in 0..12 {
        kelviq.pay(&created(&kelviq, once("")).await);
    }
    for path in ["/checkout/sessions/", "/webhook/logs/"] {
        for (query, results, next, previous) in [
            ("", 10, Some("page=2"), None),
            ("?page=2", 2, None, Some("page=1")),
            ("?page_size=100", 12, None, None),
            ("?page_size=12", 12, None, None),
            ("?page_size=1000", 12, None, None),
            ("?page_size=0", 10, Some("page=2"), None),
            ("?page_size=many", 10, Some("page=2"), None),
            (
                "?end_date=2999-01-01&page_size=5&page=2",
                5,
                Some("end_date=2999-01-01&page_size=5&page=3"),
                Some("end_date=2999-01-01&page_size=5&page=1"),
            ),
        ] {
            let (status, response) = get(&kelviq, &format!("{path}{query}")).await;
            assert_eq!(status, 200, "{query}");
            assert_eq!(response["count"], 12, "{query}");
            assert_eq!(
                response["results"].as_array().unwrap().len(),
                results,
                "{query}"
            );
            for (name, expected) in [("next", next), ("previous", previous)] {
                let url = response[name].as_str().map(|url| {
                    let query = url.strip_prefix(&format!("{}{path}?", kelviq.base_url()));
                    query.unwrap().to_owned()
                });
                let url = url.as_deref();
                // The other parameters are kept.
                assert!(
                    url.is_some() == expected.is_some()
                        && url
                            .unwrap_or_default()
                            .ends_with(expected.unwrap_or_default()),
                    "{query}: {url:?}"
                );
            }
        }
        for query in ["?page=3", "?page=0", "?page=last", "?page="] {
            let (status, response) = get(&kelviq, &format!("{path}{query}")).await;
            assert_eq!(
                (status, response),
                (404, json!({"detail": "Invalid page."}))
            );
        }
        for date in [
            "yesterday",
            "2026-13-01",
            "2026-09-01T10:00:00Z",
            "20260901",
        ] {
            for name in ["start_date", "end_date"] {
                let (status, response) = get(&kelviq, &format!("{path}?{name}={date}")).await;
                assert_eq!(status, 400, "{date}");
                assert!(response[name].is_array(), "{response}");
            }
        }
        let url = format!("{}{path}", kelviq.base_url());
        assert_eq!(http().get(url).send().await.unwrap().status(), 401);
    }

    // The client reads every page.
    let list = ListWebhookLogs::new().page_size(5);
    let entries = logs(&kelviq, list).await;
    let mut ids: Vec<_> = entries.iter().map(|entry| &entry.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 12);
    let today = entries[0].last_attempt.as_ref().unwrap()[..10].to_owned();
    for (list, found) in [
        (ListWebhookLogs::new().start_date(&today), 12),
        (ListWebhookLogs::new().start_date("2999-01-01"), 0),
        (ListWebhookLogs::new().end_date("2000-01-01"), 0),
    ] {
        assert_eq!(logs(&kelviq, list).await.len(), found);
    }
}

#[tokio::test]
async fn an_empty_list_has_one_page() {
    let kelviq = FakeKelviq::start().await;
    for path in ["/checkout/sessions/", "/webhook/logs/"] {
        assert_eq!(
            get(&kelviq, path).await,
            (
                200,
                json!({"count": 0, "next": null, "previous": null, "results": []})
            )
        );
    }
}
