//! Whether the object of an event is older than one that was seen.

use crate::events::fixtures::{event_about, fixture};

fn is_older(modified_on: &str, seen: &str) -> bool {
    let object = format!(r#"{{"id":"sub_1","modified_on":{modified_on}}}"#);
    event_about("subscription.updated", &object).is_older_than(seen)
}

#[test]
fn times_are_compared_as_instants() {
    for (modified_on, seen, older) in [
        ("2026-03-11T05:25:34Z", "2026-03-11T05:25:34Z", false),
        ("2026-03-11T05:25:33Z", "2026-03-11T05:25:34Z", true),
        ("2026-03-11T05:25:35Z", "2026-03-11T05:25:34Z", false),
        // Another offset: as text, the first is the greater one.
        ("2026-03-11T09:25:34+05:30", "2026-03-11T05:25:34Z", true),
        ("2026-03-11T10:55:34+05:30", "2026-03-11T05:25:34Z", false),
        ("2026-03-11T05:25:34+00:00", "2026-03-11T05:25:34Z", false),
        ("2026-03-11T01:25:34-05:00", "2026-03-11T05:25:34Z", false),
        ("2026-03-10T23:25:34-05:00", "2026-03-11T05:25:34Z", true),
        // Another precision: as text, `.` is less than `Z`.
        ("2026-03-11T05:25:34.000Z", "2026-03-11T05:25:34Z", false),
        ("2026-03-11T05:25:34.5Z", "2026-03-11T05:25:34Z", false),
        ("2026-03-11T05:25:34Z", "2026-03-11T05:25:34.000001Z", true),
        (
            "2026-03-11T05:25:34.123456Z",
            "2026-03-11T05:25:34.123457Z",
            true,
        ),
        ("2026-03-11T05:25:34.9Z", "2026-03-11T05:25:34.10Z", false),
    ] {
        assert_eq!(
            is_older(&format!(r#""{modified_on}""#), seen),
            older,
            "{modified_on} and {seen}"
        );
    }
}

#[test]
fn a_time_that_cannot_be_read_does_not_make_the_object_older() {
    for modified_on in [
        "null",
        r#""""#,
        "5",
        "{}",
        r#""yesterday""#,
        r#""2000-01-01""#,
        r#""2000-01-01T00:00:00""#,
        r#""2000-13-01T00:00:00Z""#,
    ] {
        assert!(
            !is_older(modified_on, "2026-03-11T05:25:34Z"),
            "{modified_on}"
        );
    }
    for seen in [
        "",
        "never",
        "2999-01-01",
        "2999-01-01T00:00:00",
        "99999999999",
    ] {
        assert!(!is_older(r#""2026-03-11T05:25:34Z""#, seen), "{seen}");
    }
    for object in ["null", "[]", "{}"] {
        let event = event_about("subscription.updated", object);
        assert!(!event.is_older_than("2999-01-01T00:00:00Z"), "{object}");
    }
}

#[test]
fn the_samples_have_a_time() {
    let event = fixture("subscription.updated");
    assert!(event.is_older_than("2999-01-01T00:00:00Z"));
    assert!(!event.is_older_than("2000-01-01T00:00:00Z"));
}
