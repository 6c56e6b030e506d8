//! The bodies of successful responses.

use std::{fmt::Debug, time::SystemTime};

use kelviq_core::{
    __internal::{checkout_session_event, logged_event},
    ChargePeriod, CheckoutPlan, CreateCheckoutSession, Customer, CustomerProfile, Error, ErrorKind,
    EventSource, ListCheckoutSessions, ListWebhookLogs, Pages,
};

use crate::{
    error_bodies::assert_is_safe,
    upstream::{Shared, lock, start},
};

static SHARED: Shared<()> = Shared::new(|| start(|_| ()));

/// The first byte of the input chooses the call, starting at `0`, and the rest is the body of its response.
///
/// - The result is a value, or an error of the kind `UnexpectedResponse`.
/// - A created session has an id and a URL. A session that is retrieved, and a customer that is written, has no other id than
///   that of the request.
/// - An event that is made from a session or from an entry of the webhook log names its source.
///
/// Returns whether the result is a value.
pub fn api_models(data: &[u8]) -> bool {
    let [call, body @ ..] = data else {
        return false;
    };
    let (upstream, ()) = &*lock(&SHARED);
    upstream.respond_with(200, "application/json", body);
    let client = upstream.client();
    let profile = CustomerProfile::new("user_1");
    match call.wrapping_sub(b'0') % 11 {
        0 => {
            let plan = CheckoutPlan::new("pro", ChargePeriod::Monthly);
            let request = CreateCheckoutSession::new(plan, "https://app.example.com/");
            let session = upstream.run(client.create_checkout_session(&request));
            let session = check(session);
            if let Some(session) = &session {
                assert!(!session.checkout_session_id.is_empty());
                assert!(url::Url::parse(&session.checkout_url).is_ok());
            }
            session.is_some()
        }
        1 => {
            let session = upstream.run(client.retrieve_checkout_session("cs_1"));
            let session = check(session);
            if let Some(session) = &session {
                assert!(session.id.as_deref().is_none_or(|id| id == "cs_1"));
                if let Ok(event) = checkout_session_event(session) {
                    assert!(session.is_paid());
                    assert_eq!(event.source(), EventSource::CheckoutSession);
                    assert_eq!(event.id(), "checkout.completed:cs_1");
                    let _ = event.data();
                }
            }
            session.is_some()
        }
        2 => {
            let list = client.list_checkout_sessions(ListCheckoutSessions::new());
            !upstream.run(read(list)).is_empty()
        }
        3 => {
            let subscriptions = upstream.run(read(client.list_subscriptions("user_1")));
            for subscription in &subscriptions {
                let _ = subscription.is_current(SystemTime::UNIX_EPOCH);
            }
            !subscriptions.is_empty()
        }
        4 => {
            let logs = upstream.run(read(client.list_webhook_logs(ListWebhookLogs::new())));
            for log in &logs {
                let payload = log.payload.as_ref();
                if let Some(Ok(event)) = payload.map(|payload| logged_event(payload.as_json())) {
                    assert_eq!(event.source(), EventSource::WebhookLog);
                    let _ = event.data();
                }
            }
            !logs.is_empty()
        }
        5 => {
            let entitlements = check(upstream.run(client.entitlements("user_1")));
            if let Some(entitlements) = &entitlements {
                let features: Vec<_> = entitlements.feature("exports").collect();
                let has_access = features.iter().any(|feature| feature.has_access);
                assert_eq!(entitlements.has("exports"), has_access);
            }
            entitlements.is_some()
        }
        6 => check(upstream.run(client.create_portal_session("user_1"))).is_some(),
        7 => {
            let timeline = client.list_checkout_session_events("cs_1");
            !upstream.run(read(timeline)).is_empty()
        }
        8 => is_customer(upstream.run(client.create_customer(&profile))),
        9 => is_customer(upstream.run(client.update_customer(&profile))),
        _ => is_customer(upstream.run(client.upsert_customer(&profile))),
    }
}

/// Returns whether the result of writing the customer `user_1` is a value.
fn is_customer(result: Result<Customer, Error>) -> bool {
    let customer = check(result);
    if let Some(customer) = &customer {
        let id = customer.customer_id.as_deref();
        assert!(id.is_none_or(|id| id == "user_1"));
    }
    customer.is_some()
}

/// Returns at most ten results of a list. Every page of it is the same.
async fn read<T: Debug>(mut list: Pages<T>) -> Vec<T> {
    let mut results = Vec::new();
    for _ in 0..10 {
        match check(list.try_next().await) {
            Some(Some(result)) => results.push(result),
            _ => break,
        }
    }
    results
}

fn check<T: Debug>(result: Result<T, Error>) -> Option<T> {
    match result {
        Ok(value) => {
            let _ = format!("{value:?}");
            Some(value)
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{error:?}");
            assert_is_safe(&error);
            None
        }
    }
}
