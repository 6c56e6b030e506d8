//! The bodies of error responses.

use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Error, ErrorKind};

use crate::upstream::{API_KEY, Shared, lock, start};

static SHARED: Shared<()> = Shared::new(|| start(|_| ()));

/// The first two bytes of the input choose the status and the content type, the rest is the body. `{key}` in it is replaced by
/// the API key.
///
/// - The error has the status, and the kind of an error response.
/// - Its texts are limited in length and number, on one line, and without the API key.
///
/// Returns whether the body is read as an error of Kelviq.
pub fn error_bodies(data: &[u8]) -> bool {
    let [status, content_type, body @ ..] = data else {
        return false;
    };
    // Statuses with a body.
    let status = match 300 + u16::from(*status) {
        304 => 500,
        status => status,
    };
    let content_type = match content_type % 4 {
        0 => "text/html",
        _ => "application/json",
    };
    let body = String::from_utf8_lossy(body).replace("{key}", API_KEY);

    let (upstream, ()) = &*lock(&SHARED);
    upstream.respond_with(status, content_type, body.as_bytes());
    let plan = CheckoutPlan::new("pro", ChargePeriod::Monthly);
    let request = CreateCheckoutSession::new(plan, "https://app.example.com/");
    let client = upstream.client();
    let result = upstream.run(client.create_checkout_session(&request));
    let error = result.unwrap_err();
    assert_eq!(error.status(), Some(status));
    let kinds = [ErrorKind::Api, ErrorKind::UnexpectedResponse];
    assert!(kinds.contains(&error.kind()), "{error:?}");
    assert_is_safe(&error);
    assert_eq!(upstream.requests().len(), 1);
    error.kind() == ErrorKind::Api
}

/// Asserts that an error can be logged on one line.
pub(crate) fn assert_is_safe(error: &Error) {
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains(API_KEY), "{shown}");
    assert!(error.field_errors().len() <= 20, "{shown}");
    for error in error.field_errors() {
        assert!(error.message.chars().count() <= 300, "{shown}");
        assert!(error.field.chars().count() <= 600, "{shown}");
    }
    let text = error.to_string();
    assert!(text.len() <= 40_000, "{}", text.len());
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}');
    assert!(!text.contains(breaks), "{text:?}");
}
