//! A webhook event and its signature.

use std::time::{SystemTime, UNIX_EPOCH};

use kelviq_core::WebhookSecret;
use serde_json::json;

use super::{ids, timestamp::rfc3339};

/// A `checkout.completed` event. `json` is the body of every delivery.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) json: String,
    pub(super) created: SystemTime,
    /// The JSON of the paid session.
    session: String,
}

impl Event {
    /// Creates an event about a paid session, with a new id.
    pub(super) fn checkout_completed(session: String, created: SystemTime) -> Self {
        let id = ids::uuid();
        Self {
            json: format!(
                r#"{{"id":{},"type":"checkout.completed","created_at":{},"data":{{"object":{session}}}}}"#,
                json!(id),
                json!(rfc3339(created)),
            ),
            id,
            created,
            session,
        }
    }

    /// Creates another event about the same session.
    pub(super) fn again(&self, created: SystemTime) -> Self {
        Self::checkout_completed(self.session.clone(), created)
    }

    /// Returns the three headers of a delivery at `time`, or now if that is `None`.
    pub(super) fn sign(
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
