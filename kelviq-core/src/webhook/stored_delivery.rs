//! Deliveries that are stored as they arrived.

use std::{fmt, time::SystemTime};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::headers::WebhookHeaders;

/// A webhook delivery as it arrived: headers, body and time of arrival.
///
/// It is not verified. An application that stores deliveries first and handles them later serializes it with serde, and
/// passes it to [`WebhookVerifier::verify_delivery`](crate::WebhookVerifier::verify_delivery). Every format of serde can
/// store it.
///
/// The body contains personal data, and is therefore not part of the `Debug` output.
///
/// ```
/// use std::time::SystemTime;
/// use kelviq_core::{WebhookDelivery, WebhookHeaders, WebhookSecret, WebhookVerifier};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let secret = WebhookSecret::new("kq_whsec_test")?;
/// # let body = br#"{"id":"evt_1","type":"customer.created","data":{"object":{}}}"#;
/// # let now = SystemTime::now();
/// # let seconds = now.duration_since(SystemTime::UNIX_EPOCH)?.as_secs().to_string();
/// # let signature = secret.sign("evt_1", &seconds, body);
/// # let headers = WebhookHeaders::new("evt_1", &seconds, &signature);
/// # let verifier = WebhookVerifier::new(secret);
/// let delivery = WebhookDelivery::new(headers, body, SystemTime::now());
/// let stored = serde_json::to_string(&delivery)?;
///
/// let delivery: WebhookDelivery = serde_json::from_str(&stored)?;
/// let event = verifier.verify_delivery(&delivery)?;
/// # assert_eq!(event.id(), "evt_1");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct WebhookDelivery {
    id: Option<String>,
    timestamp: Option<String>,
    signatures: Vec<String>,
    body: Vec<u8>,
    received_at: SystemTime,
}

impl WebhookDelivery {
    /// Creates a delivery that arrived at the time `received_at`, which is normally the current time.
    ///
    /// Headers can be missing or malformed: the delivery is then stored, and rejected when it is verified.
    pub fn new(
        headers: WebhookHeaders<'_>,
        body: impl Into<Vec<u8>>,
        received_at: SystemTime,
    ) -> Self {
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        Self {
            id: headers.id.map(text),
            timestamp: headers.timestamp.map(text),
            signatures: headers.signatures.into_iter().flatten().map(text).collect(),
            body: body.into(),
            received_at,
        }
    }

    /// Returns the headers.
    pub fn headers(&self) -> WebhookHeaders<'_> {
        let id = self.id.iter().map(|id| (WebhookHeaders::ID, id));
        let timestamp = self.timestamp.iter();
        let timestamp = timestamp.map(|time| (WebhookHeaders::TIMESTAMP, time));
        let signatures = self.signatures.iter();
        let signatures = signatures.map(|line| (WebhookHeaders::SIGNATURE, line));
        WebhookHeaders::from_pairs(id.chain(timestamp).chain(signatures))
    }

    /// Returns the body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns the time of arrival.
    pub fn received_at(&self) -> SystemTime {
        self.received_at
    }
}

impl fmt::Debug for WebhookDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookDelivery")
            .field("id", &self.id)
            .field("timestamp", &self.timestamp)
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}

/// The serialized form, which has only text, so that every format can contain it.
#[derive(Serialize, Deserialize)]
struct Stored {
    id: Option<String>,
    timestamp: Option<String>,
    signatures: Vec<String>,
    body: StoredBody,
    received_at: String,
}

/// A body. Only one that is not UTF-8 is in hexadecimal.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StoredBody {
    Text(String),
    Hex(String),
}

impl From<WebhookDelivery> for Stored {
    fn from(delivery: WebhookDelivery) -> Self {
        Self {
            id: delivery.id,
            timestamp: delivery.timestamp,
            signatures: delivery.signatures,
            body: match String::from_utf8(delivery.body) {
                Ok(text) => StoredBody::Text(text),
                Err(error) => StoredBody::Hex(hex::encode(error.as_bytes())),
            },
            received_at: timestamp(delivery.received_at).to_string(),
        }
    }
}

impl TryFrom<Stored> for WebhookDelivery {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let received_at: Option<Timestamp> = stored.received_at.parse().ok();
        let received_at = received_at.and_then(|time| SystemTime::try_from(time).ok());
        Ok(Self {
            id: stored.id,
            timestamp: stored.timestamp,
            signatures: stored.signatures,
            body: match stored.body {
                StoredBody::Text(text) => text.into_bytes(),
                StoredBody::Hex(digits) => {
                    hex::decode(digits).map_err(|_| "the body is not hexadecimal")?
                }
            },
            received_at: received_at.ok_or("`received_at` is not a time in RFC 3339 format")?,
        })
    }
}

/// Converts a time. One outside of the years −9999 to 9999 becomes the nearest limit.
fn timestamp(time: SystemTime) -> Timestamp {
    let limit = if time < SystemTime::UNIX_EPOCH {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    Timestamp::try_from(time).unwrap_or(limit)
}
