//! The body of an event.

use std::{ops::Range, sync::OnceLock};

use super::envelope::Envelope;
use crate::body_text::decode;

/// The body of an event.
pub(super) struct EventBody {
    json: String,
    /// The body, if it differs from the bytes of `json`.
    raw: Option<Vec<u8>>,
    parts: OnceLock<Parts>,
}

/// The ranges of parts in the JSON.
struct Parts {
    object: Option<Range<usize>>,
    previous_attributes: Option<Range<usize>>,
}

impl EventBody {
    pub(super) fn new(body: &[u8]) -> Self {
        let json = decode(body).into_owned();
        Self {
            raw: (json.as_bytes() != body).then(|| body.to_owned()),
            json,
            parts: OnceLock::new(),
        }
    }

    /// Returns the body as text, without a byte order mark.
    pub(super) fn json(&self) -> &str {
        &self.json
    }

    /// Returns the unchanged body.
    pub(super) fn raw(&self) -> &[u8] {
        self.raw.as_deref().unwrap_or(self.json.as_bytes())
    }

    /// Returns `data.object`.
    pub(super) fn object(&self) -> Option<&str> {
        let range = self.parts().object.clone()?;
        Some(&self.json[range])
    }

    /// Returns `data.previous_attributes`, unless it is null.
    pub(super) fn previous_attributes(&self) -> Option<&str> {
        let range = self.parts().previous_attributes.clone()?;
        Some(&self.json[range])
    }

    /// Reads the envelope of the event. Returns `None` if the body is not a JSON object.
    pub(super) fn envelope(&self) -> Option<Envelope<'_>> {
        let envelope = Envelope::read(&self.json)?;
        self.parts.get_or_init(|| Parts::new(&self.json, &envelope));
        Some(envelope)
    }

    /// Finds the parts, unless they are known from the envelope.
    fn parts(&self) -> &Parts {
        self.parts.get_or_init(|| {
            let envelope = Envelope::read(&self.json).unwrap_or_default();
            Parts::new(&self.json, &envelope)
        })
    }
}

impl Parts {
    fn new(json: &str, envelope: &Envelope<'_>) -> Self {
        let range = |part: &str| {
            let start = part.as_ptr().addr() - json.as_ptr().addr();
            start..start + part.len()
        };
        let previous_attributes = envelope
            .previous_attributes
            .filter(|previous| *previous != "null");
        Self {
            object: envelope.object.map(range),
            previous_attributes: previous_attributes.map(range),
        }
    }
}

/// Compares the unchanged bytes, from which everything else is derived.
impl PartialEq for EventBody {
    fn eq(&self, other: &Self) -> bool {
        self.raw() == other.raw()
    }
}

impl Eq for EventBody {}
