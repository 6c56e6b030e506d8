//! Times and numbers that are kept as text, and parsed into the types of other crates.

use kelviq_core::{EventData, Order, Subscription, TimeText};

use crate::events::fixtures::{event_about, fixture};

#[test]
fn a_time_is_parsed_into_the_types_of_jiff_chrono_and_time() {
    let event = fixture("checkout.completed");
    let created_at: &TimeText = event.created_at().unwrap();
    let jiff: jiff::Timestamp = created_at.parse().unwrap();
    let chrono: chrono::DateTime<chrono::Utc> = created_at.parse().unwrap();
    let rfc3339 = &time::format_description::well_known::Rfc3339;
    let time = time::OffsetDateTime::parse(created_at, rfc3339).unwrap();
    assert_eq!(jiff.as_second(), chrono.timestamp());
    assert_eq!(jiff.as_second(), time.unix_timestamp());
    assert_eq!(created_at.to_string(), created_at.as_str());
    assert_eq!(String::from(created_at.clone()), created_at.as_str());
}

#[test]
fn a_day_is_parsed_into_a_date() {
    let subscription: Subscription =
        event_about("subscription.created", r#"{"start_date":"2026-11-06"}"#)
            .object()
            .unwrap();
    let day = subscription.start_date.unwrap();
    assert_eq!(day.parse().ok(), Some(jiff::civil::date(2026, 11, 6)));
    assert_eq!(
        day.parse().ok(),
        chrono::NaiveDate::from_ymd_opt(2026, 11, 6)
    );
}

#[test]
fn a_time_that_is_none_keeps_its_text_and_does_not_parse() {
    for text in ["soon", "2026-11-06 10:00", "1700000000", ""] {
        let object = format!(r#"{{"modified_on":"{text}"}}"#);
        let order: Order = event_about("order.created", &object).object().unwrap();
        let modified_on = order.modified_on.unwrap();
        assert_eq!(modified_on.as_str(), text);
        assert!(modified_on.parse::<jiff::Timestamp>().is_err());
    }
}

#[test]
fn money_is_parsed_into_a_decimal_without_loss() {
    use rust_decimal::Decimal;

    let order: Order = event_about("order.created", r#"{"amount_total":"1234567890123456.10"}"#)
        .object()
        .unwrap();
    let amount: Decimal = order.amount_total.unwrap().parse().unwrap();
    assert_eq!(
        amount + Decimal::new(1, 2),
        "1234567890123456.11".parse().unwrap()
    );

    let EventData::CheckoutCompleted(session) = fixture("checkout.completed").data() else {
        panic!("not a checkout");
    };
    let amount = session.amount.unwrap();
    assert_eq!(
        amount.parse::<Decimal>().unwrap().to_string(),
        amount.as_str()
    );
    assert_eq!(String::from(amount.clone()), amount.to_string());
}
