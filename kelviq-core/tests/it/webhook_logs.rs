//! The webhook log.

use futures_util::{StreamExt, TryStreamExt};
use kelviq_core::{__internal::logged_event, EventSource, EventType, ListWebhookLogs};

use crate::support::upstream::{Upstream, ok};

const PAYLOAD: &str = r#"{"id":"evt_1","type":"order.created","createdAt":"2026-09-01T10:00:00Z","data":{"object":{"customerName":"Ada","total":1.10}}}"#;

fn entry(more: &str) -> String {
    format!(
        r#"{{"id":"att_1","eventId":"evt_1","endpoint":"end_1","eventType":"order.created","statusCode":null,
        "isSuccess":false,"retryCount":2,"lastAttempt":"2026-09-01T10:03:00Z","createdOn":"2026-09-01T10:00:00Z",
        "payload":{PAYLOAD}{more}}}"#
    )
}

#[tokio::test]
async fn an_entry_is_read_with_its_payload_as_text() {
    let body = format!(r#"{{"next":null,"results":[{}]}}"#, entry(r#","new":1"#));
    let upstream = Upstream::responding([ok(&body)]).await;
    let logs = upstream.client().list_webhook_logs(ListWebhookLogs::new());
    let entries: Vec<_> = logs.try_collect().await.unwrap();
    let [entry] = &entries[..] else {
        panic!("{entries:?}");
    };
    assert_eq!(entry.id.as_deref(), Some("att_1"));
    assert_eq!(entry.event_id.as_deref(), Some("evt_1"));
    assert_eq!(entry.endpoint.as_deref(), Some("end_1"));
    assert_eq!(entry.event_type, Some(EventType::OrderCreated));
    assert_eq!(entry.status_code, None);
    assert_eq!(entry.is_success, Some(false));
    assert_eq!(entry.retry_count, Some(2));
    assert_eq!(entry.last_attempt.as_deref(), Some("2026-09-01T10:03:00Z"));
    assert_eq!(entry.created_on.as_deref(), Some("2026-09-01T10:00:00Z"));
    let payload = entry.payload.as_ref().unwrap().as_json();
    assert_eq!(payload, PAYLOAD);
    let event = logged_event(payload).unwrap();
    assert_eq!(event.source(), EventSource::WebhookLog);
    assert_eq!(
        event.object_json(),
        r#"{"customer_name":"Ada","total":1.10}"#
    );
    assert!(!format!("{entry:?}").contains("Ada"), "{entry:?}");
    let line = "GET /api/v1/webhook/logs/?page_size=50&page=1 HTTP/1.1\r\n";
    assert!(upstream.requests()[0].starts_with(line));
}

#[tokio::test]
async fn the_filters_are_on_every_page() {
    let page = |next: &str| ok(&format!(r#"{{"next":{next},"results":[{}]}}"#, entry("")));
    let upstream = Upstream::responding([page(r#""x""#), page("null")]).await;
    let list = ListWebhookLogs::new()
        .start_date("2026-09-01")
        .end_date("2026-09-30")
        .page_size(20);
    let logs = upstream.client().list_webhook_logs(list);
    assert_eq!(logs.count().await, 2);
    let query = "start_date=2026-09-01&end_date=2026-09-30&page_size=20&page=";
    for (request, page) in upstream.requests().iter().zip(1..) {
        let line = format!("GET /api/v1/webhook/logs/?{query}{page} HTTP/1.1\r\n");
        assert!(request.starts_with(&line), "{request}");
    }
}

#[tokio::test]
async fn the_page_size_is_in_kelviqs_range() {
    for (size, sent) in [(0, 1), (1, 1), (100, 100), (101, 100), (u32::MAX, 100)] {
        let upstream = Upstream::responding([ok(r#"{"next":null,"results":[]}"#)]).await;
        let list = ListWebhookLogs::new().page_size(size);
        assert_eq!(upstream.client().list_webhook_logs(list).count().await, 0);
        let line = format!("GET /api/v1/webhook/logs/?page_size={sent}&page=1 ");
        assert!(upstream.requests()[0].starts_with(&line), "{size}");
    }
}

#[tokio::test]
async fn an_entry_with_unexpected_values_is_still_an_entry() {
    let body = r#"{"next":null,"results":[
        {"eventId":7,"eventType":"brand.new","statusCode":"503","isSuccess":"false","retryCount":null,"payload":null},{}]}"#;
    let upstream = Upstream::responding([ok(body)]).await;
    let logs = upstream.client().list_webhook_logs(ListWebhookLogs::new());
    let entries: Vec<_> = logs.try_collect().await.unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].event_id.as_deref(), Some("7"));
    assert_eq!(entries[0].event_type, Some(EventType::from("brand.new")));
    assert_eq!(entries[0].status_code, Some(503));
    assert_eq!(entries[0].is_success, Some(false));
    assert_eq!(entries[0].payload, None);
}
