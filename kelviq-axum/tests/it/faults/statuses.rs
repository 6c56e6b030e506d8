//! The statuses that Kelviq documents, and `Retry-After`.

use super::{
    rows::{Row, created, response, row},
    upstream::Answer,
};

fn error(status: u16, retry_after: Option<&str>, body: &str) -> Answer {
    let mut head = format!("{status} Error\ncontent-type: application/json");
    if let Some(value) = retry_after {
        head = format!("{head}\nretry-after: {value}");
    }
    response(&head, body)
}

pub(super) fn statuses() -> Vec<Row> {
    let mut rows: Vec<_> = [
        (400, r#"{"status":"error","message":"Invalid plan."}"#),
        (401, r#"{"detail":"Invalid token."}"#),
        (403, r#"{"detail":"Not allowed."}"#),
        (404, r#"{"detail":"Not found."}"#),
        (405, r#"{"detail":"Method \"POST\" not allowed."}"#),
        (408, r#"{"detail":"Request timeout."}"#),
        (409, r#"{"detail":"Conflict."}"#),
        (415, r#"{"detail":"Unsupported media type."}"#),
        (422, r#"{"detail":"Unprocessable."}"#),
        (428, r#"{"detail":"Precondition required."}"#),
        (429, r#"{"detail":"Request was throttled."}"#),
        (500, r#"{"detail":"Internal error."}"#),
        (502, r#"{"detail":"Bad gateway."}"#),
        (503, r#"{"detail":"Unavailable."}"#),
        (504, r#"{"detail":"Gateway timeout."}"#),
    ]
    .into_iter()
    .map(|(status, body)| row(status.to_string(), [error(status, None, body)]))
    .collect();
    let url = r#"{"successUrl":["Enter a valid URL."]}"#;
    rows.push(row(
        "400 for the field `successUrl`",
        [error(400, None, url)],
    ));
    for (sale, path) in [
        ("an offer without a code", "/checkout/team"),
        ("an offer with a code", "/checkout/coupon"),
        ("a handler with the buyer's code", "/buy"),
    ] {
        let code = r#"{"discountCode":["This code has expired."]}"#;
        let fault = format!("400 for the field `discountCode`, {sale}");
        rows.push(row(fault, [error(400, None, code)]).at(path));
    }
    rows
}

pub(super) fn retry_after() -> Vec<Row> {
    let mut rows = Vec::new();
    for status in [429, 503] {
        for value in [
            "1",
            "120",
            "86400",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "soon",
        ] {
            rows.push(row(
                format!("{status}, `Retry-After: {value}`"),
                [error(status, Some(value), "{}")],
            ));
        }
        rows.push(row(
            format!("{status} once, then 201"),
            [error(status, None, "{}"), created()],
        ));
        rows.push(row(
            format!("{status} with `Retry-After: 1` once, then 201"),
            [error(status, Some("1"), "{}"), created()],
        ));
    }
    // No other status is retried.
    for status in [
        400, 401, 403, 404, 405, 408, 409, 415, 422, 428, 500, 502, 504,
    ] {
        rows.push(row(
            format!("{status}, `Retry-After: 1`"),
            [error(status, Some("1"), "{}")],
        ));
    }
    rows
}
