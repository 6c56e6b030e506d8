//! A webhook event and its signature.

use std::time::{SystemTime, UNIX_EPOCH};

use kelviq_core::WebhookSecret;

/// A webhook event. `json` is the body of every delivery.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) json: String,
}

impl Event {
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
