//! The dates by which lists are filtered.

use futures_util::StreamExt;
use kelviq_core::{
    CheckoutSessionDetails, Error, ErrorKind, ListCheckoutSessions, ListWebhookLogs, Pages,
    WebhookLog,
};

use crate::{
    events::fixtures::fixture,
    support::upstream::{Upstream, response},
};

async fn empty_list() -> Upstream {
    let body = r#"{"count":0,"next":null,"results":[]}"#;
    Upstream::responding([response("200 OK", "", body)]).await
}

#[tokio::test]
async fn a_date_can_be_of_any_crate_and_a_time_counts_as_its_utc_day() {
    let list = ListCheckoutSessions::new;
    let time: time::Date = time::Date::from_calendar_date(2026, time::Month::November, 6).unwrap();
    let utc: chrono::DateTime<chrono::Utc> = "2026-11-06T23:30:00.5Z".parse().unwrap();
    let east = chrono::FixedOffset::east_opt(3600).unwrap();
    let event = fixture("subscription.updated");
    let created_at = event.created_at().unwrap();
    for (list, sent) in [
        (list().start_date("2026-11-06"), "2026-11-06"),
        (
            list().start_date(String::from(" 2026-11-06\n")),
            "2026-11-06",
        ),
        (
            list().start_date(jiff::civil::date(2026, 11, 6)),
            "2026-11-06",
        ),
        (
            list().start_date(chrono::NaiveDate::from_ymd_opt(2026, 11, 6).unwrap()),
            "2026-11-06",
        ),
        (list().start_date(time), "2026-11-06"),
        (list().start_date(created_at), &created_at[..10]),
        (list().start_date("2026-11-06T23:30:00-01:00"), "2026-11-07"),
        (list().start_date("2026-11-06T00:30:00+01:00"), "2026-11-05"),
        (
            list().start_date("2026-11-06T10:00:00Z".parse::<jiff::Timestamp>().unwrap()),
            "2026-11-06",
        ),
        (list().start_date(utc), "2026-11-06"),
        (list().start_date(utc.with_timezone(&east)), "2026-11-06"),
    ] {
        let upstream = empty_list().await;
        let sessions = upstream.client().list_checkout_sessions(list);
        assert_eq!(sessions.count().await, 0);
        let request = &upstream.requests()[0];
        assert!(
            request.contains(&format!("start_date={sent}&")),
            "{request}"
        );
    }
}

#[tokio::test]
async fn an_invalid_date_is_an_error_and_nothing_is_fetched() {
    let upstream = empty_list().await;
    let kelviq = upstream.client();
    let invalid = [
        "",
        "yesterday",
        "2026-02-30",
        "2026-11-6",
        "20261106",
        "06.11.2026",
        "2026-11-06T10:00:00",
        "2026-11-06&page=9",
    ];
    for text in invalid {
        let mut sessions: Pages<CheckoutSessionDetails> =
            kelviq.list_checkout_sessions(ListCheckoutSessions::new().start_date(text));
        let error = sessions.try_next().await.unwrap_err();
        assert_invalid(&error, "start_date");
        assert!(sessions.try_next().await.unwrap().is_none());

        let mut entries: Pages<WebhookLog> =
            kelviq.list_webhook_logs(ListWebhookLogs::new().end_date(text));
        assert_invalid(&entries.try_next().await.unwrap_err(), "end_date");
    }
    assert_eq!(upstream.requests().len(), 0);

    let both = ListWebhookLogs::new().start_date("a").end_date("b");
    let error = kelviq.list_webhook_logs(both).try_next().await.unwrap_err();
    assert_eq!(error.field_errors().len(), 2);
}

fn assert_invalid(error: &Error, field: &str) {
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    let fields: Vec<_> = error
        .field_errors()
        .iter()
        .map(|error| &error.field)
        .collect();
    assert_eq!(fields, [field], "{error}");
}
