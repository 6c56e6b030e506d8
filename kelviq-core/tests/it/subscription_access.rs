//! What a subscription means for access, for each status and at the borders of its end date.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use kelviq_core::{
    PastDue::{self, EndAccess, KeepAccess},
    Subscription, SubscriptionStatus,
};

use crate::events::fixtures::{event_about, fixture};

fn subscription(status: &str, end_date: Option<&str>) -> Subscription {
    let object = serde_json::json!({ "status": status, "end_date": end_date });
    event_about("subscription.updated", &object.to_string())
        .object()
        .unwrap()
}

fn time(text: &str) -> SystemTime {
    let nanoseconds = text.parse::<Timestamp>().unwrap().as_nanosecond();
    UNIX_EPOCH + Duration::from_nanos(nanoseconds.try_into().unwrap())
}

const NOON: &str = "2026-05-02T12:00:00Z";

#[test]
fn each_status_gives_access_or_not() {
    // Without an end date, with one that is over, and with a future one.
    for (status, past_due, access) in [
        ("active", EndAccess, [true, false, true]),
        ("trialing", EndAccess, [true, false, true]),
        ("past_due", KeepAccess, [true, false, true]),
        ("past_due", EndAccess, [false, false, false]),
        ("canceled", KeepAccess, [false, false, true]),
        ("cancelled", EndAccess, [false, false, true]),
        ("incomplete", KeepAccess, [false; 3]),
        ("incomplete_expired", KeepAccess, [false; 3]),
        ("superseded", KeepAccess, [false; 3]),
        ("paused", KeepAccess, [false; 3]),
        ("ACTIVE", KeepAccess, [false; 3]),
    ] {
        for (end_date, access) in [None, Some("2026-05-01"), Some("2026-05-03")]
            .into_iter()
            .zip(access)
        {
            let subscription = subscription(status, end_date);
            assert_eq!(
                subscription.gives_access(time(NOON), past_due),
                access,
                "{status} {end_date:?}"
            );
        }
    }
}

#[test]
fn a_customer_counts_as_a_subscriber_in_each_status_that_is_not_over() {
    for (status, current) in [
        ("active", true),
        ("trialing", true),
        ("past_due", true),
        ("paused", true),
        ("canceled", false),
        ("cancelled", false),
        ("incomplete", false),
        ("incomplete_expired", false),
        ("superseded", false),
    ] {
        for end_date in [None, Some("2026-05-02"), Some("2026-06-01")] {
            let subscription = subscription(status, end_date);
            assert_eq!(subscription.is_current(time(NOON)), current, "{status}");
        }
        let ended = subscription(status, Some("2026-05-01"));
        assert!(!ended.is_current(time(NOON)), "{status}");
    }
    let unknown: Subscription = event_about("subscription.updated", "{}").object().unwrap();
    assert!(unknown.is_current(time(NOON)));
    assert!(!unknown.gives_access(time(NOON), KeepAccess));
}

#[test]
fn the_end_date_is_the_last_day_with_access() {
    let active = |end_date, now| {
        let subscription = subscription("active", Some(end_date));
        let access = subscription.gives_access(now, PastDue::KeepAccess);
        assert_eq!(subscription.is_current(now), access);
        access
    };
    for (end_date, now, access) in [
        ("2026-05-02", "2026-05-01T23:59:59Z", true),
        ("2026-05-02", "2026-05-02T00:00:00Z", true),
        ("2026-05-02", "2026-05-02T23:59:59.999999999Z", true),
        ("2026-05-02", "2026-05-03T00:00:00Z", false),
        (" 2026-05-02 ", "2026-05-03T00:00:00Z", false),
        ("2026-12-31", "2026-12-31T23:59:59Z", true),
        ("2026-12-31", "2027-01-01T00:00:00Z", false),
        ("2028-02-29", "2028-02-29T12:00:00Z", true),
        ("2028-02-29", "2028-03-01T00:00:00Z", false),
        // A time ends access at once.
        ("2026-05-02T04:25:13Z", "2026-05-02T04:25:12Z", true),
        ("2026-05-02T04:25:13Z", "2026-05-02T04:25:13Z", false),
        ("2026-05-02T04:25:13+02:00", "2026-05-02T02:25:12Z", true),
        ("2026-05-02T04:25:13+02:00", "2026-05-02T02:25:13Z", false),
        // The time zone is missing, so only the day counts.
        ("2026-05-02T04:25:13", "2026-05-02T23:00:00Z", true),
        ("2026-05-02 04:25:13", "2026-05-03T00:00:00Z", false),
        // Not an end date.
        ("", "2026-05-03T00:00:00Z", true),
        ("soon", "2026-05-03T00:00:00Z", true),
        ("2026-02-30", "2026-05-03T00:00:00Z", true),
        ("9999-12-31", "2026-05-03T00:00:00Z", true),
    ] {
        assert_eq!(active(end_date, time(now)), access, "{end_date} {now}");
    }
    let far = UNIX_EPOCH + Duration::from_secs(400_000 * 365 * 24 * 60 * 60);
    assert!(!active("2026-05-02", far));

    for unreadable in ["", "soon"] {
        let canceled = subscription("canceled", Some(unreadable));
        assert!(!canceled.gives_access(time(NOON), KeepAccess));
    }
}

#[test]
fn the_end_is_known_only_with_an_end_date() {
    assert_eq!(subscription("active", None).ends_on(), None);
    assert_eq!(subscription("active", Some(" ")).ends_on(), None);
    let ends = subscription("active", Some("2026-05-02"));
    assert_eq!(ends.ends_on().unwrap().as_str(), "2026-05-02");
}

#[test]
fn a_replaced_subscription_is_superseded() {
    assert!(subscription("superseded", None).is_superseded());
    assert!(!subscription("active", None).is_superseded());
    assert_eq!(SubscriptionStatus::Superseded.as_str(), "superseded");
    assert_eq!(
        SubscriptionStatus::from("cancelled"),
        SubscriptionStatus::Canceled
    );
    assert_eq!(SubscriptionStatus::Canceled.as_str(), "canceled");
}

#[test]
fn the_customer_id_of_an_event_is_not_read_as_that_of_a_list() {
    for event_type in ["subscription.created", "subscription.updated"] {
        let subscription: Subscription = fixture(event_type).object().unwrap();
        assert_eq!(subscription.customer_id, None);
    }
    let object = r#"{"customer_id":"5d0e1f6a-0b7c-4d8e-9a21-3c4b5a697887"}"#;
    let event = event_about("subscription.updated", object);
    let subscription: Subscription = event.object().unwrap();
    assert_eq!(subscription.customer_id, None);
    assert_eq!(event.customer_id(), None);
}
