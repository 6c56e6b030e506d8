//! Answers of a bad day, as the client sees them.

use std::time::Duration;

use kelviq_axum::{
    fake::{FakeKelviq, Fault},
    kelviq_core::{CheckoutSession, Error, ErrorKind, Kelviq},
};

use super::{body, http, post, request};

/// A client that neither retries nor waits long.
async fn ask(kelviq: &FakeKelviq) -> Result<CheckoutSession, Error> {
    Kelviq::builder(kelviq.api_key())
        .base_url(kelviq.base_url())
        .max_retries(0)
        .timeout(Duration::from_secs(2))
        .build()?
        .create_checkout_session(&request())
        .await
}

async fn fails(answer: Fault) -> (Error, usize) {
    let kelviq = FakeKelviq::start().await;
    kelviq.inject_next(answer);
    let error = ask(&kelviq).await.unwrap_err();
    let created = kelviq.checkouts().len();
    // Only the next answer was meant.
    ask(&kelviq).await.unwrap();
    (error, created)
}

#[tokio::test]
async fn error_statuses() {
    for status in [400, 401, 403, 404, 409, 422, 428, 429, 500, 502, 503, 504] {
        let (error, created) = fails(Fault::Error(status)).await;
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Api, Some(status))
        );
        assert_eq!(created, 0);
    }
    let (error, _) = fails(Fault::Error(42)).await;
    assert_eq!(error.status(), Some(500));
}

#[tokio::test]
async fn too_many_requests() {
    let retry_after = Duration::from_secs(7);
    let (error, created) = fails(Fault::TooManyRequests { retry_after }).await;
    assert_eq!(
        (error.status(), error.retry_after()),
        (Some(429), Some(retry_after))
    );
    assert_eq!(created, 0);
}

#[tokio::test]
async fn html_from_a_proxy() {
    let (error, created) = fails(Fault::Html).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(502)));
    assert_eq!(created, 0);
}

#[tokio::test]
async fn a_redirect() {
    let (error, created) = fails(Fault::Redirect).await;
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::UnexpectedResponse, Some(302))
    );
    assert_eq!(created, 0);
}

#[tokio::test]
async fn half_a_body() {
    let (error, created) = fails(Fault::HalfBody).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(created, 1);

    // The status and the half do arrive.
    let kelviq = FakeKelviq::start().await;
    kelviq.inject_next(Fault::HalfBody);
    let answer = http()
        .post(format!("{}/checkout/", kelviq.base_url()))
        .bearer_auth(kelviq.api_key())
        .header("content-type", "application/json")
        .body(body(""))
        .send();
    let mut answer = answer.await.unwrap();
    assert_eq!(answer.status(), 201);
    assert!(answer.chunk().await.unwrap().unwrap().starts_with(b"{"));
    assert!(answer.chunk().await.is_err());
}

#[tokio::test]
async fn nothing_at_all() {
    let (error, created) = fails(Fault::Nothing).await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(created, 1);
}

#[tokio::test]
async fn a_checkout_url_that_is_none() {
    for url in ["", "checkout", "/checkout/cs_1/", "javascript:alert(1)"] {
        let (error, created) = fails(Fault::CheckoutUrl(url.into())).await;
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
    let session = ask(&kelviq).await.unwrap();
    assert_eq!(
        session.checkout_url,
        "https://kelviq.example/checkout/cs_1/"
    );
    assert_eq!(session.checkout_session_id, kelviq.checkouts()[0].id);
}

#[tokio::test]
async fn answers_queue_up_and_always_lasts_until_told_otherwise() {
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
async fn it_stops_in_the_middle_of_saying_nothing() {
    let kelviq = FakeKelviq::start().await;
    kelviq.inject_always(Fault::Nothing);
    let client = kelviq.client();
    let asked = tokio::spawn(async move { client.create_checkout_session(&request()).await });
    while kelviq.checkouts().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(kelviq);
    assert!(asked.await.unwrap().is_err());
}
