//! A webhook event and its signature.

use std::time::{SystemTime, UNIX_EPOCH};

use kelviq_core::WebhookSecret;
use serde_json::{Value, json};

use super::{ids, timestamp::rfc3339};

/// An event about an object, such as a paid session. `json` is the body of every delivery.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) json: String,
    pub(crate) created: SystemTime,
    /// The JSON of the event's `data`.
    data: String,
}

impl Event {
    /// Creates an event with a new id. `object` is JSON.
    pub(crate) fn new(kind: &'static str, object: &str, created: SystemTime) -> Self {
        Self::with_data(kind, format!(r#"{{"object":{object}}}"#), created)
    }

    /// Creates an event about a change. `previous` has the old values of the fields that changed.
    pub(crate) fn change(
        kind: &'static str,
        object: &Value,
        previous: &Value,
        created: SystemTime,
    ) -> Self {
        let data = json!({"object": object, "previous_attributes": previous});
        Self::with_data(kind, data.to_string(), created)
    }

    /// Creates another event about the same object.
    pub(crate) fn again(&self, created: SystemTime) -> Self {
        Self::with_data(self.kind, self.data.clone(), created)
    }

    fn with_data(kind: &'static str, data: String, created: SystemTime) -> Self {
        let id = ids::uuid();
        Self {
            json: format!(
                r#"{{"id":{},"type":{},"created_at":{},"data":{data}}}"#,
                json!(id),
                json!(kind),
                json!(rfc3339(created)),
            ),
            id,
            kind,
            created,
            data,
        }
    }

    /// Returns the three headers of a delivery at `time`, or now if that is `None`.
    pub(crate) fn sign(
        &self,
        secret: &WebhookSecret,
        time: Option<SystemTime>,
    ) -> [(&'static str, String); 3] {
        let timestamp = match time
            .unwrap_or_else(SystemTime::now)
            .duration_since(UNIX_EPOCH)
        {
            Ok(since) => since.as_secs().to_string(),
            Err(before) => format!("-{}", before.duration().as_secs()),
        };
        let signature = secret.sign(&self.id, &timestamp, self.json.as_bytes());
        [
            ("webhook-id", self.id.clone()),
            ("webhook-timestamp", timestamp),
            ("webhook-signature", signature),
        ]
    }
}
