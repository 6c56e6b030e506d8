//! Injected faults, as the client sees them.

use std::{sync::Arc, time::Duration};

use kelviq_axum::fake::{FakeKelviq, Fault};
use kelviq_core::{CheckoutSession, Error, ErrorKind, Kelviq};

use super::support::{api_post, body, post, request};

/// Creates a session without retries.
async fn create(kelviq: &FakeKelviq) -> Result<CheckoutSession, Error> {
    Kelviq::builder(kelviq.api_key())
        .base_url(kelviq.base_url())
        .max_retries(0)
        .build()?
        .create_checkout_session(&request())
        .await
}

/// The error that a fault causes, and the number of sessions that were created nevertheless.
async fn failure(fault: Fault) -> (Error, usize) {
    let kelviq = FakeKelviq::start().await;
    kelviq.inject_next(fault);
    let error = create(&kelviq).await.unwrap_err();
    let created = kelviq.checkouts().len();
    // The fault affects one request only.
    create(&kelviq).await.unwrap();
    (error, created)
}

#[tokio::test]
async fn error_statuses() {
    for status in [400, 401, 403, 404, 409, 422, 428, 429, 500, 502, 503, 504] {
        let (error, created) = failure(Fault::Error(status)).await;
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Api, Some(status))
        );
        assert_eq!(created, 0);
    }
    let (error, _) = failure(Fault::Error(42)).await;
    assert_eq!(error.status(), Some(500));
}

#[tokio::test]
async fn too_many_requests() {
    let retry_after = Duration::from_secs(7);
    let (error, created) = failure(Fault::TooManyRequests { retry_after }).await;
    assert_eq!(
        (error.status(), error.retry_after()),
        (Some(429), Some(retry_after))
    );
    assert_eq!(created, 0);
}

#[tokio::test]
async fn html_from_a_proxy() {
    let (error, created) = failure(Fault::Html).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(502)));
    assert_eq!(created, 0);
}

#[tokio::test]
async fn a_redirect() {
    let (error, created) = failure(Fault::Redirect).await;
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::UnexpectedResponse, Some(302))
    );
    assert_eq!(created, 0);
}

#[tokio::test]
async fn half_a_body() {
    let (error, created) = failure(Fault::HalfBody).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(created, 1);

    // The status and the first half do arrive.
    let kelviq = FakeKelviq::start().await;
    kelviq.inject_next(Fault::HalfBody);
    let request = api_post(&kelviq, "/checkout/", body(""));
    let mut response = request.send().await.unwrap();
    assert_eq!(response.status(), 201);
    assert!(response.chunk().await.unwrap().unwrap().starts_with(b"{"));
    assert!(response.chunk().await.is_err());
}

#[tokio::test]
async fn no_response() {
    let kelviq = Arc::new(FakeKelviq::start().await);
    kelviq.inject_next(Fault::Nothing);
    let request = tokio::spawn({
        let kelviq = Arc::clone(&kelviq);
        async move { create(&kelviq).await }
    });
    while kelviq.checkouts().is_empty() {
        tokio::task::yield_now().await;
    }
    // A paused clock advances to the client's timeout as soon as nothing else can happen.
    tokio::time::pause();
    let error = request.await.unwrap().unwrap_err();
    tokio::time::resume();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(kelviq.checkouts().len(), 1);
    create(&kelviq).await.unwrap();
}

#[tokio::test]
async fn an_invalid_checkout_url() {
    for url in ["", "checkout", "/checkout/cs_1/", "javascript:alert(1)"] {
        let (error, created) = failure(Fault::CheckoutUrl(url.into())).await;
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{url}");
        assert_eq!(created, 1);
    }
}

#[tokio::test]
async fn a_checkout_url_on_another_host() {
    let kelviq = FakeKelviq::start().await;
    kelviq.inject_next(Fault::CheckoutUrl(
        "https://kelviq.example/checkout/cs_1/".into(),
    ));
    let session = create(&kelviq).await.unwrap();
    assert_eq!(
        session.checkout_url,
        "https://kelviq.example/checkout/cs_1/"
    );
    assert_eq!(session.checkout_session_id, kelviq.checkouts()[0].id);
}

#[tokio::test]
async fn inject_next_queues_faults_and_inject_always_lasts_until_the_next_call() {
    let kelviq = FakeKelviq::start().await;
    let status = async || post(&kelviq, body("")).await.0;
    kelviq.inject_next(Fault::Error(500));
    kelviq.inject_next(Fault::Normal);
    kelviq.inject_always(Fault::Error(503));
    assert_eq!([status().await, status().await], [500, 201]);
    assert_eq!([status().await, status().await], [503, 503]);
    kelviq.inject_always(Fault::Normal);
    assert_eq!(status().await, 201);
}

#[tokio::test]
async fn dropping_it_ends_a_request_without_response() {
    let kelviq = FakeKelviq::start().await;
    kelviq.inject_always(Fault::Nothing);
    let client = kelviq.client();
    let call = tokio::spawn(async move { client.create_checkout_session(&request()).await });
    while kelviq.checkouts().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(kelviq);
    assert!(call.await.unwrap().is_err());
}
