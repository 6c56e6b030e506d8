//! Cancellations.

use std::time::SystemTime;

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::fake::{fields::CANCELLATION_FIELDS, request_body::RequestBody, timestamp::date_of};

/// When a subscription ends.
#[derive(Clone, Copy)]
pub(crate) enum End {
    Now,
    WithPeriod,
    On(Date),
}

/// What is recorded about a cancellation.
#[derive(Clone)]
pub(crate) struct Cancellation {
    pub(crate) time: SystemTime,
    /// `CANCELLED_BY_CUSTOMER` or `CANCELLED_BY_MERCHANT`.
    pub(crate) reason: &'static str,
    pub(crate) feedback: Value,
    pub(crate) comment: Value,
}

impl Cancellation {
    /// Creates a cancellation without feedback.
    pub(crate) fn by(reason: &'static str) -> Self {
        Self {
            time: SystemTime::now(),
            reason,
            feedback: Value::Null,
            comment: Value::Null,
        }
    }
}

/// Validates the body of `POST /subscriptions/{id}/cancel/`.
///
/// # Errors
///
/// Returns the body of the 400 response, with an entry for each invalid field.
pub(crate) fn validate(body: &str) -> Result<(End, Cancellation), Value> {
    let body = RequestBody::read(body, CANCELLATION_FIELDS)?;
    let fields = body.into_fields()?;
    let mut cancellation = Cancellation::by("CANCELLED_BY_MERCHANT");
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    cancellation.feedback = field("cancellationFeedback");
    cancellation.comment = field("cancellationComment");
    Ok((end(&fields)?, cancellation))
}

fn end(fields: &Map<String, Value>) -> Result<End, Value> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let error = |message: &str| Err(json!({"cancellationDate": [message]}));
    match text("cancellationType") {
        Some("IMMEDIATE") => Ok(End::Now),
        Some("CURRENT_PERIOD_ENDS") => Ok(End::WithPeriod),
        _ => match text("cancellationDate").and_then(|date| date.parse().ok()) {
            None => error("Required with SPECIFIC_DATE."),
            Some(date) if date <= date_of(SystemTime::now()) => error("Must be in the future."),
            Some(date) => Ok(End::On(date)),
        },
    }
}
