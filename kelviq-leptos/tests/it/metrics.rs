//! Rejected requests in the metrics.

use metrics_util::debugging::{DebugValue, DebuggingRecorder};

use crate::support::{CHECKOUT, SEATS, Store, form, script, with};

#[test]
fn rejections_of_server_functions_are_counted_once_by_problem() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            let store = Store::open().await;
            let mut get = form(CHECKOUT, "");
            *get.method_mut() = axum::http::Method::GET;
            for request in [
                get,
                script(CHECKOUT, "offer=gone"),
                script(CHECKOUT, &"x".repeat(20 * 1024)),
                script(CHECKOUT, "offer[x]=pro"),
                script(SEATS, "seats=5999"),
                with(script(CHECKOUT, "offer=pro"), "x-user", "banned"),
            ] {
                store.send(request).await;
            }
        });
    });
    let counters = snapshotter.snapshot().into_vec().into_iter();
    let counters = counters.map(|(key, _, _, value)| {
        let problem = key.key().labels().next().unwrap().value().to_owned();
        assert_eq!(key.key().name(), "kelviq_requests_rejected_total");
        (problem, value)
    });
    let mut counters: Vec<_> = counters.collect();
    counters.sort_by(|(a, _), (b, _)| a.cmp(b));
    let problems = [
        "body_too_large",
        "buyer_refused",
        "invalid_quantity",
        "method_not_allowed",
        "unknown_offer",
        "unsupported_body",
    ];
    let expected = problems.map(|problem| (problem.to_owned(), DebugValue::Counter(1)));
    assert_eq!(counters, expected);
}
