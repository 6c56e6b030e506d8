//! What the handling of an event reads of a `checkout.completed`.

use std::borrow::Cow;

use kelviq_core::{
    __internal::checkout_key, CheckoutCompleted, EventData, EventType, VerifiedEvent,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::reference::Reference;

/// The checkout that an event completes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CompletedCheckout {
    /// [`CheckoutCompleted::key`](kelviq_core::CheckoutCompleted::key).
    pub(crate) key: String,
    pub(crate) session_id: Option<String>,
    success_url: Option<String>,
}

impl CompletedCheckout {
    /// Returns the checkout of a `checkout.completed`, or `None` for other events.
    pub(crate) fn of(event: &VerifiedEvent) -> Option<Self> {
        match event.event_type() {
            EventType::CheckoutCompleted => {
                Self::read_usual(event).or_else(|| Self::read_any(event))
            }
            _ => None,
        }
    }

    /// Returns the reference in the query string of the success URL.
    pub(crate) fn reference(&self) -> Option<Reference> {
        reference_in(self.success_url.as_deref()?)
    }

    /// Reads the checkout in one pass. Returns `None` if a value has an unusual type, or a key is repeated.
    fn read_usual(event: &VerifiedEvent) -> Option<Self> {
        #[derive(Deserialize)]
        struct Object<'a> {
            #[serde(borrow)]
            id: Cow<'a, str>,
            #[serde(borrow)]
            data: Option<&'a RawValue>,
        }
        #[derive(Deserialize)]
        struct Data<'a> {
            #[serde(borrow)]
            success_url: Option<Cow<'a, str>>,
        }
        let Object { id, data } = read_object(event.object_json())?;
        if id.trim().is_empty() {
            return None;
        }
        let success_url = match data {
            Some(data) => read_object::<Data<'_>>(data.get())?.success_url,
            None => None,
        };
        Some(Self {
            key: checkout_key(&id),
            session_id: Some(id.into_owned()),
            success_url: success_url.map(Cow::into_owned),
        })
    }

    /// Reads the checkout as the model does, which accepts any JSON.
    fn read_any(event: &VerifiedEvent) -> Option<Self> {
        let EventData::CheckoutCompleted(session) = event.data() else {
            return None;
        };
        Some(Self::from(&session))
    }
}

impl From<&CheckoutCompleted> for CompletedCheckout {
    fn from(session: &CheckoutCompleted) -> Self {
        let data = session.data.as_ref();
        let success_url = data.and_then(|data| data.success_url.as_deref());
        Self {
            key: session.key().to_owned(),
            session_id: session.session_id.clone(),
            success_url: success_url.map(str::to_owned),
        }
    }
}

/// Deserializes an object. A struct with derived `Deserialize` also accepts an array.
fn read_object<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
    json.starts_with('{')
        .then(|| serde_json::from_str(json).ok())?
}

/// Returns the reference in the query string of a success URL.
fn reference_in(success_url: &str) -> Option<Reference> {
    let url = success_url.split('#').next()?;
    let (_, query) = url.split_once('?')?;
    form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name == Reference::PARAMETER)
        .find_map(|(_, value)| value.parse().ok())
}

#[cfg(test)]
mod tests {
    use kelviq_core::{__internal::stored_event, EventSource};

    use super::*;

    const REFERENCE: &str = "0123456789abcdef0123456789abcdef";

    fn event(object: &str) -> VerifiedEvent {
        let json =
            format!(r#"{{"id":"evt_1","type":"checkout.completed","data":{{"object":{object}}}}}"#);
        stored_event(json.as_bytes(), EventSource::Stored).unwrap()
    }

    #[test]
    fn both_readers_read_the_same() {
        let url = format!("https://a.example/thanks?reference={REFERENCE}");
        let long = "x".repeat(300);
        for (object, is_usual) in [
            (r#"{"id":"cs_1"}"#, true),
            (
                r#"{"i\u0064":"cs_\u0031","data":null,"other":[{"id":2}]}"#,
                true,
            ),
            (&format!(r#"{{"id":"{long}","data":{{}}}}"#), true),
            (r#"{"id":"cs\u0007"}"#, true),
            (
                &format!(r#"{{"data":{{"success_url":"{url}"}},"id":" cs_1"}}"#),
                true,
            ),
            (r#"{"id":"cs_1","data":{"success_url":null}}"#, true),
            (r#"{"id":"cs_1","data":{"success_url":7}}"#, false),
            (&format!(r#"{{"id":"cs_1","data":["{url}"]}}"#), false),
            (r#"{"id":"cs_1","id":"cs_2"}"#, false),
            (r#"{"id":1001}"#, false),
            (r#"{"id":null}"#, false),
            (r#"{"id":" "}"#, false),
            (r#"["cs_1",null]"#, false),
            ("{}", false),
            ("7", false),
        ] {
            let event = event(object);
            let usual = CompletedCheckout::read_usual(&event);
            assert_eq!(usual.is_some(), is_usual, "{object}");
            let any = CompletedCheckout::read_any(&event);
            assert_eq!(usual.or_else(|| any.clone()), any, "{object}");
        }
    }

    #[test]
    fn the_reference_is_read_from_the_success_url() {
        for url in ["/thanks?reference=", "/thanks?from=x&reference="] {
            let url = format!("https://a.example{url}{REFERENCE}");
            assert_eq!(reference_in(&url).unwrap().as_str(), REFERENCE);
            let url = format!("{url}#top?reference=x");
            assert_eq!(reference_in(&url).unwrap().as_str(), REFERENCE);
        }
        assert!(reference_in("https://a.example/thanks?reference=x").is_none());
        assert!(reference_in("https://a.example/thanks").is_none());
        let in_fragment = format!("https://a.example/thanks#top?reference={REFERENCE}");
        assert!(reference_in(&in_fragment).is_none());
    }
}
