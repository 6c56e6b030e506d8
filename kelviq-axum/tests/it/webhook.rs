//! The webhook route and extractors.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    handler::Handler,
    http::StatusCode,
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::post,
};
use kelviq_axum::{
    Event, EventRejection, MemoryInbox, Webhook, WebhookRejection,
    fake::{FakeEvent, FakeKelviq},
    webhook,
};
use kelviq_core::{
    CheckoutMetadata, ErrorKind, EventData, Metadata, WebhookSecret, WebhookVerifier,
};
use tokio::sync::Semaphore;
use tower::ServiceExt;

use crate::support::{
    log::Log,
    send,
    webhook::{self as delivery, PATH, signed},
    with,
};

type Count = Arc<AtomicUsize>;

/// A router with a handler that counts its calls.
fn counting(kelviq: &FakeKelviq) -> (Router, Count) {
    async fn on_event(State(count): State<Count>, _: Event) {
        count.fetch_add(1, Ordering::SeqCst);
    }
    let count = Count::default();
    let route = webhook(kelviq.webhook_secret(), MemoryInbox::default(), on_event);
    (
        Router::new()
            .route(PATH, route)
            .with_state(Arc::clone(&count)),
        count,
    )
}

/// Pays a session with metadata.
async fn paid(kelviq: &FakeKelviq) -> FakeEvent {
    let metadata = Metadata::from_json(r#"{"order_ref":"ABC-123"}"#).unwrap();
    delivery::paid(kelviq, &metadata).await
}

#[tokio::test]
async fn an_event_is_handled_once_however_often_it_comes() {
    let kelviq = FakeKelviq::start().await;
    let (app, count) = counting(&kelviq);
    let payment = paid(&kelviq).await;
    for _ in 0..3 {
        assert_eq!(
            payment.deliver_to(&app, PATH).await.status(),
            StatusCode::OK
        );
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
    paid(&kelviq).await.deliver_to(&app, PATH).await;
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_delivery_that_is_not_kelviqs_changes_nothing() {
    let kelviq = FakeKelviq::start().await;
    let (app, count) = counting(&kelviq);
    let payment = paid(&kelviq).await;
    let request = || payment.request(PATH);
    let without = |name: &str| {
        let mut request = request();
        request.headers_mut().remove(name);
        request
    };
    let other = WebhookSecret::new("kq_whsec_other").unwrap();
    let hour = Duration::from_secs(3600);
    let not_text = |name: &'static str| {
        let mut request = request();
        request
            .headers_mut()
            .insert(name, b"\xff\xfe".as_slice().try_into().unwrap());
        request
    };
    for (request, status) in [
        (without("webhook-id"), StatusCode::BAD_REQUEST),
        (without("webhook-timestamp"), StatusCode::BAD_REQUEST),
        (without("webhook-signature"), StatusCode::BAD_REQUEST),
        (not_text("webhook-id"), StatusCode::BAD_REQUEST),
        (not_text("webhook-timestamp"), StatusCode::BAD_REQUEST),
        (not_text("webhook-signature"), StatusCode::BAD_REQUEST),
        (
            with(request(), "webhook-timestamp", "soon"),
            StatusCode::BAD_REQUEST,
        ),
        (
            with(request(), "webhook-signature", "sha256=00"),
            StatusCode::BAD_REQUEST,
        ),
        (
            with(request(), "webhook-signature", "v1,abc"),
            StatusCode::UNAUTHORIZED,
        ),
        (
            with(request(), "webhook-signature", "v1,"),
            StatusCode::UNAUTHORIZED,
        ),
        (
            with(request(), "webhook-id", "evt_other"),
            StatusCode::UNAUTHORIZED,
        ),
        (
            with(request(), "webhook-timestamp", "-9223372036854775808"),
            StatusCode::UNAUTHORIZED,
        ),
        (
            with(request(), "webhook-timestamp", "9223372036854775807"),
            StatusCode::UNAUTHORIZED,
        ),
        (
            payment.clone().signed_with(other).request(PATH),
            StatusCode::UNAUTHORIZED,
        ),
        (
            payment
                .clone()
                .signed_at(SystemTime::now() - hour)
                .request(PATH),
            StatusCode::UNAUTHORIZED,
        ),
        (
            payment
                .clone()
                .signed_at(SystemTime::now() + hour)
                .request(PATH),
            StatusCode::UNAUTHORIZED,
        ),
        (
            request().map(|_| Body::from("{}")),
            StatusCode::UNAUTHORIZED,
        ),
        (request().map(|_| Body::empty()), StatusCode::UNAUTHORIZED),
        (
            request().map(|_| Body::from(vec![b'x'; 3 * 1024 * 1024])),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
    ] {
        let headers = request.headers().clone();
        let response = send(&app, request).await;
        assert_eq!(response.status, status, "{headers:?}");
        assert!(!response.body.contains("whsec"), "{}", response.body);
    }
    let get = Request::get(PATH).body(Body::empty()).unwrap();
    let response = send(&app, get).await;
    assert_eq!(
        (response.status, response.header("allow")),
        (StatusCode::METHOD_NOT_ALLOWED, "POST")
    );
    assert_eq!(count.load(Ordering::SeqCst), 0);
    assert_eq!(
        payment.deliver_to(&app, PATH).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_event_without_an_object_is_handled() {
    let kelviq = FakeKelviq::start().await;
    let (app, count) = counting(&kelviq);
    let body = r#"{"id":"e","type":"a.b"}"#;
    let response = send(&app, signed(&kelviq.webhook_secret(), "e", body)).await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_second_signature_line_counts_too() {
    let kelviq = FakeKelviq::start().await;
    let (app, count) = counting(&kelviq);
    let body = r#"{"id":"e","type":"a.b","data":{"object":{}}}"#;
    let mut request = signed(&kelviq.webhook_secret(), "e", body);
    let headers = request.headers_mut();
    let good = headers.remove("webhook-signature").unwrap();
    let wrong = format!("v1,{}", "0".repeat(64)).parse().unwrap();
    headers.append("webhook-signature", wrong);
    headers.append("webhook-signature", good);
    assert_eq!(send(&app, request).await.status, StatusCode::OK);
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn signed_bytes_that_are_no_event_are_400() {
    let kelviq = FakeKelviq::start().await;
    let (app, count) = counting(&kelviq);
    for body in [
        "",
        "hello",
        "[]",
        "{}",
        r#"{"id":"e"}"#,
        r#"{"type":"a.b"}"#,
    ] {
        assert_eq!(
            send(&app, signed(&kelviq.webhook_secret(), "e", body))
                .await
                .status,
            StatusCode::BAD_REQUEST,
            "{body}"
        );
    }
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_event_of_an_unknown_type_reaches_the_handler_and_is_200() {
    let kelviq = FakeKelviq::start().await;
    let (app, count) = counting(&kelviq);
    let body = r#"{"id":"evt_9","type":"moon.landed","new":1,"data":{"object":{"crew":3}}}"#;
    assert_eq!(
        send(&app, signed(&kelviq.webhook_secret(), "evt_9", body))
            .await
            .status,
        StatusCode::OK
    );
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_handler_that_fails_gets_the_event_again() {
    async fn on_event(State(count): State<Count>, _: Event) -> Result<(), StatusCode> {
        match count.fetch_add(1, Ordering::SeqCst) {
            0 => Err(StatusCode::CONFLICT),
            1 => panic!("a bug in the handler"),
            _ => Ok(()),
        }
    }
    let kelviq = FakeKelviq::start().await;
    let count = Count::default();
    let app = Router::new()
        .route(
            PATH,
            webhook(kelviq.webhook_secret(), MemoryInbox::default(), on_event),
        )
        .with_state(Arc::clone(&count));
    let payment = paid(&kelviq).await;
    for status in [500, 500, 200, 200] {
        assert_eq!(payment.deliver_to(&app, PATH).await.status(), status);
    }
    assert_eq!(count.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn an_event_whose_transaction_layer_cannot_commit_is_delivered_again() {
    type Commits = Arc<std::sync::Mutex<Vec<bool>>>;
    async fn transaction(State(commits): State<Commits>, request: Request, next: Next) -> Response {
        let response = next.run(request).await;
        if commits.lock().unwrap().pop().unwrap() {
            response
        } else {
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
    async fn on_event(_: Event) {}
    let kelviq = FakeKelviq::start().await;
    // From last to first.
    let commits = Commits::new(std::sync::Mutex::new(vec![true, false]));
    let layer = from_fn_with_state(Arc::clone(&commits), transaction);
    let route = webhook(
        kelviq.webhook_secret(),
        MemoryInbox::default(),
        on_event.layer(layer),
    );
    let app: Router = Router::new().route(PATH, route);
    let payment = paid(&kelviq).await;
    for status in [500, 200, 200] {
        assert_eq!(payment.deliver_to(&app, PATH).await.status(), status);
    }
    assert!(commits.lock().unwrap().is_empty());
}

/// The delivery of a payment's event under another event id.
fn announced_as(kelviq: &FakeKelviq, payment: &FakeEvent, event_id: &str) -> Request {
    let body = payment.as_json().replace(payment.event_id(), event_id);
    signed(&kelviq.webhook_secret(), event_id, &body)
}

#[tokio::test]
async fn a_checkout_that_several_events_announce_is_handled_once() {
    let kelviq = FakeKelviq::start().await;
    let (app, count) = counting(&kelviq);
    for checkouts in 1..=2 {
        let payment = paid(&kelviq).await;
        for event_id in ["a", "b", "c", "a"] {
            let event_id = format!("evt_{checkouts}_{event_id}");
            let request = announced_as(&kelviq, &payment, &event_id);
            assert_eq!(send(&app, request).await.status, StatusCode::OK);
        }
        assert_eq!(count.load(Ordering::SeqCst), checkouts);
    }
}

#[tokio::test]
async fn a_checkout_that_several_events_announce_at_once_is_handled_once() {
    let kelviq = FakeKelviq::start().await;
    let (app, gate) = gated(&kelviq);
    let payment = paid(&kelviq).await;
    let deliveries: Vec<_> = ["evt_a", "evt_b", "evt_c"]
        .map(|event_id| {
            let (app, request) = (app.clone(), announced_as(&kelviq, &payment, event_id));
            tokio::spawn(async move { send(&app, request).await.status })
        })
        .into();
    gate.begun.acquire().await.unwrap().forget();
    gate.permits.add_permits(3);
    let mut statuses = Vec::new();
    for delivery in deliveries {
        statuses.push(delivery.await.unwrap());
    }
    assert!(statuses.contains(&StatusCode::OK), "{statuses:?}");
    // Kelviq retries those that got 409.
    for event_id in ["evt_a", "evt_b", "evt_c"] {
        let request = announced_as(&kelviq, &payment, event_id);
        assert_eq!(send(&app, request).await.status, StatusCode::OK);
    }
    assert_eq!(gate.begun.available_permits(), 0);
}

#[tokio::test]
async fn a_checkout_whose_handler_failed_is_handled_for_another_event() {
    async fn on_event(State(count): State<Count>, _: Event) -> Result<(), StatusCode> {
        match count.fetch_add(1, Ordering::SeqCst) {
            0 => Err(StatusCode::INTERNAL_SERVER_ERROR),
            _ => Ok(()),
        }
    }
    let kelviq = FakeKelviq::start().await;
    let count = Count::default();
    let route = webhook(kelviq.webhook_secret(), MemoryInbox::default(), on_event);
    let app = Router::new()
        .route(PATH, route)
        .with_state(Arc::clone(&count));
    let payment = paid(&kelviq).await;
    for (event_id, status) in [("a", 500), ("b", 200), ("a", 200), ("c", 200)] {
        let request = announced_as(&kelviq, &payment, event_id);
        assert_eq!(send(&app, request).await.status, status, "{event_id}");
    }
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn only_completed_checkouts_with_a_session_id_are_claimed_by_it() {
    let kelviq = FakeKelviq::start().await;
    let (app, count) = counting(&kelviq);
    let mut handled = 0;
    for (event_type, object) in [
        ("order.created", r#"{"id":"cs_1"}"#),
        ("checkout.expired", r#"{"id":"cs_1"}"#),
        ("checkout.completed", "{}"),
        ("checkout.completed", r#"{"id":null}"#),
        ("checkout.completed", r#"{"id":""}"#),
        ("checkout.completed", r#"{"id":" "}"#),
    ] {
        for _ in 0..2 {
            handled += 1;
            let id = format!("evt_{handled}");
            let body =
                format!(r#"{{"id":"{id}","type":"{event_type}","data":{{"object":{object}}}}}"#);
            let request = signed(&kelviq.webhook_secret(), &id, &body);
            assert_eq!(send(&app, request).await.status, StatusCode::OK);
            assert_eq!(count.load(Ordering::SeqCst), handled, "{body}");
        }
    }
}

/// Fulfils like the handler in the README.
#[tokio::test]
async fn an_order_is_fulfilled_once_for_any_session_id_under_three_event_ids() {
    #[derive(CheckoutMetadata)]
    struct OrderMetadata {
        order_ref: String,
    }
    type Fulfilled = Arc<std::sync::Mutex<Vec<String>>>;
    async fn on_event(
        State(fulfilled): State<Fulfilled>,
        event: Event<OrderMetadata>,
    ) -> Result<(), StatusCode> {
        if let EventData::CheckoutCompleted(session) = event.data {
            match session.metadata {
                Ok(order) => fulfilled.lock().unwrap().push(order.order_ref),
                Err(error) => panic!("event {} needs manual review: {error}", event.id),
            }
        }
        Ok(())
    }
    let kelviq = FakeKelviq::start().await;
    let fulfilled = Fulfilled::default();
    let route = webhook(kelviq.webhook_secret(), MemoryInbox::default(), on_event);
    let app = Router::new()
        .route(PATH, route)
        .with_state(Arc::clone(&fulfilled));
    let long = |last: &str| format!("cs_{}{last}", "x".repeat(300));
    let session_ids = ["cs_1".to_owned(), long("a"), long("b"), r"cs\u0007".into()];
    for (order, session_id) in session_ids.iter().enumerate() {
        for event_id in ["a", "b", "c"].map(|name| format!("evt_{order}_{name}")) {
            let body = format!(
                r#"{{"id":"{event_id}","type":"checkout.completed","data":{{"object":
                    {{"id":"{session_id}","metadata":{{"order_ref":"{order}"}}}}}}}}"#
            );
            let request = signed(&kelviq.webhook_secret(), &event_id, &body);
            assert_eq!(send(&app, request).await.status, StatusCode::OK);
        }
    }
    assert_eq!(*fulfilled.lock().unwrap(), ["0", "1", "2", "3"]);
}

#[tokio::test]
async fn the_handler_gets_the_claims_of_the_event_and_of_its_checkout() {
    async fn on_event(event: Event) -> Result<(), StatusCode> {
        let EventData::CheckoutCompleted(session) = event.data else {
            return Err(StatusCode::IM_A_TEAPOT);
        };
        let (claim, checkout_claim) = (event.claim.unwrap(), event.checkout_claim.unwrap());
        assert_eq!(claim.event_id, event.id);
        assert_eq!(
            checkout_claim.event_id,
            format!("checkout:{}", session.session_id.unwrap())
        );
        Ok(())
    }
    let kelviq = FakeKelviq::start().await;
    let route = webhook(kelviq.webhook_secret(), MemoryInbox::default(), on_event);
    let app = Router::new().route(PATH, route);
    let response = paid(&kelviq).await.deliver_to(&app, PATH).await;
    assert_eq!(response.status(), StatusCode::OK);
}

/// Lets handlers wait for a permit, and counts those that have begun and ended.
#[derive(Clone)]
struct Gate {
    permits: Arc<Semaphore>,
    begun: Arc<Semaphore>,
    ended: Arc<Semaphore>,
}

fn gated(kelviq: &FakeKelviq) -> (Router, Gate) {
    async fn on_event(State(gate): State<Gate>, _: Event) {
        gate.begun.add_permits(1);
        gate.permits.acquire().await.unwrap().forget();
        gate.ended.add_permits(1);
    }
    let none = || Arc::new(Semaphore::new(0));
    let gate = Gate {
        permits: none(),
        begun: none(),
        ended: none(),
    };
    let route = webhook(kelviq.webhook_secret(), MemoryInbox::default(), on_event);
    (
        Router::new().route(PATH, route).with_state(gate.clone()),
        gate,
    )
}

#[tokio::test]
async fn a_delivery_during_the_handling_is_told_to_come_back() {
    let kelviq = FakeKelviq::start().await;
    let (app, gate) = gated(&kelviq);
    let payment = paid(&kelviq).await;
    let (first_app, first_payment) = (app.clone(), payment.clone());
    let first =
        tokio::spawn(async move { first_payment.deliver_to(&first_app, PATH).await.status() });
    gate.begun.acquire().await.unwrap().forget();

    let second = payment.deliver_to(&app, PATH).await;
    assert_eq!(second.status(), StatusCode::CONFLICT);
    let retry_after: u64 = second.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=45).contains(&retry_after));

    gate.permits.add_permits(1);
    assert_eq!(first.await.unwrap(), StatusCode::OK);
    assert_eq!(
        payment.deliver_to(&app, PATH).await.status(),
        StatusCode::OK
    );
    assert_eq!(gate.begun.available_permits(), 0);
}

#[tokio::test]
async fn the_handler_runs_to_its_end_when_the_caller_hangs_up() {
    let kelviq = FakeKelviq::start().await;
    let (app, gate) = gated(&kelviq);
    let payment = paid(&kelviq).await;
    let (first_app, first_payment) = (app.clone(), payment.clone());
    let first = tokio::spawn(async move { first_payment.deliver_to(&first_app, PATH).await });
    gate.begun.acquire().await.unwrap().forget();
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());

    gate.permits.add_permits(1);
    gate.ended.acquire().await.unwrap().forget();
    // The claim is completed soon after the handler ends, in the same background task.
    loop {
        match payment.deliver_to(&app, PATH).await.status() {
            StatusCode::CONFLICT => tokio::task::yield_now().await,
            status => break assert_eq!(status, StatusCode::OK),
        }
    }
    assert_eq!(gate.begun.available_permits(), 0);
}

#[tokio::test]
async fn many_deliveries_at_once_are_handled_once() {
    let kelviq = FakeKelviq::start().await;
    let (app, count) = counting(&kelviq);
    let payment = paid(&kelviq).await;
    let deliveries: Vec<_> = (0..100)
        .map(|_| {
            let (app, payment) = (app.clone(), payment.clone());
            tokio::spawn(async move { payment.deliver_to(&app, PATH).await.status() })
        })
        .collect();
    for delivery in deliveries {
        let status = delivery.await.unwrap();
        assert!(
            matches!(status, StatusCode::OK | StatusCode::CONFLICT),
            "{status}"
        );
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn metadata_that_does_not_fit_is_a_value_in_the_handlers_hands() {
    #[derive(CheckoutMetadata)]
    struct Other {
        order_ref: u32,
    }
    async fn on_event(event: Event<Other>) -> Result<(), StatusCode> {
        let EventData::CheckoutCompleted(session) = event.data else {
            return Err(StatusCode::IM_A_TEAPOT);
        };
        let error = session.metadata.err().ok_or(StatusCode::IM_A_TEAPOT)?;
        assert_eq!(
            error.to_string(),
            "metadata key `order_ref`: expected u32, found a string"
        );
        assert_eq!(error.raw(), Some(r#"{"order_ref":"ABC-123"}"#));
        Ok(())
    }
    let kelviq = FakeKelviq::start().await;
    let route = webhook(kelviq.webhook_secret(), MemoryInbox::default(), on_event);
    let app = Router::new().route(PATH, route);
    let response = paid(&kelviq).await.deliver_to(&app, PATH).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_handler_can_extract_the_event_more_than_once() {
    #[derive(CheckoutMetadata)]
    struct OrderMetadata {
        order_ref: String,
    }
    async fn on_event(first: Event<OrderMetadata>, second: Event<OrderMetadata>) -> StatusCode {
        let order = |event: Event<OrderMetadata>| match event.data {
            EventData::CheckoutCompleted(session) => {
                let key = session.key().to_owned();
                Some((key, session.amount, session.metadata.ok()?.order_ref))
            }
            _ => None,
        };
        match (order(first), order(second)) {
            (Some(first), Some(second)) if first == second => StatusCode::OK,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
    let kelviq = FakeKelviq::start().await;
    let route = webhook(kelviq.webhook_secret(), MemoryInbox::default(), on_event);
    let app = Router::new().route(PATH, route);
    let response = paid(&kelviq).await.deliver_to(&app, PATH).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_extractor_verifies_without_an_inbox() {
    async fn on_event(Webhook(event): Webhook) -> String {
        format!(
            "{} {:?}",
            event.verified.event_type(),
            event.verified.source()
        )
    }
    let kelviq = FakeKelviq::start().await;
    let verifier = WebhookVerifier::new(WebhookSecret::new("kq_whsec_new").unwrap())
        .or_secret(kelviq.webhook_secret());
    let app = Router::new()
        .route(PATH, post(on_event))
        .with_state(verifier);
    let payment = paid(&kelviq).await;
    for _ in 0..2 {
        let response = send(&app, payment.request(PATH)).await;
        assert_eq!(
            (response.status, response.body.as_str()),
            (
                StatusCode::OK,
                "checkout.completed Delivery { secret_index: 1 }"
            )
        );
    }
    let forged = with(payment.request(PATH), "webhook-signature", "v1,00");
    assert_eq!(send(&app, forged).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_event_outside_of_the_route_is_500_and_the_log_has_the_fix() {
    let app: Router = Router::new().route("/", post(async |_: Event| {}));
    let request = Request::post("/").body(Body::empty()).unwrap();
    let log = Log::start();
    assert_eq!(
        send(&app, request).await.status,
        StatusCode::INTERNAL_SERVER_ERROR
    );
    let fix = "replace `post(handler)` with `kelviq_axum::webhook(secret, inbox, handler)`";
    assert!(log.with(fix)[0].starts_with("ERROR"));
}

#[tokio::test]
async fn rejections_have_a_fixed_message_and_are_in_the_extensions() {
    async fn on_event(delivery: Result<Webhook, WebhookRejection>) -> Result<(), WebhookRejection> {
        let rejection = delivery.unwrap_err();
        let source = rejection.clone();
        let source = std::error::Error::source(&source).unwrap();
        let source: &kelviq_core::Error = source.downcast_ref().unwrap();
        assert_eq!(source.kind(), ErrorKind::WebhookSignature);
        Err(rejection)
    }
    let kelviq = FakeKelviq::start().await;
    let verifier = WebhookVerifier::new(kelviq.webhook_secret());
    let app = Router::new()
        .route(PATH, post(on_event))
        .route("/event", post(async |_: Event| {}))
        .with_state(verifier);
    let forged = with(paid(&kelviq).await.request(PATH), "webhook-id", "evt_other");
    let response = app.clone().oneshot(forged).await.unwrap();
    let rejection: &WebhookRejection = response.extensions().get().unwrap();
    assert_eq!(rejection.status(), response.status());
    assert_eq!(rejection.to_string(), "the signature does not match");

    let (webhooks, _) = counting(&kelviq);
    let unsigned = Request::post(PATH).body(Body::empty()).unwrap();
    let response = send(&webhooks, unsigned).await;
    assert_eq!(response.body, "a webhook header is missing or malformed");
    let delivery = signed(&kelviq.webhook_secret(), "evt_1", "[]");
    let response = send(&webhooks, delivery).await;
    assert_eq!(response.body, "the body is not an event");
    // The whole body was read, so that the connection can be used again.
    assert_eq!(response.header("connection"), "");

    let request = Request::post("/event").body(Body::empty()).unwrap();
    let response = app.oneshot(request).await.unwrap();
    let rejection: &EventRejection = response.extensions().get().unwrap();
    assert_eq!(rejection.status(), response.status());
    assert!(std::error::Error::source(rejection).is_none());
}
