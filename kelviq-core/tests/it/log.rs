//! What the client writes into the log: where, how often and how it ended, and nothing about the buyer.

use std::{
    io,
    sync::{Arc, Mutex},
};

use crate::support::{Upstream, answer};
use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Kelviq, Metadata};
use tracing_subscriber::fmt::{MakeWriter, format::FmtSpan};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn a_call_is_a_span_with_path_status_and_attempts_and_no_personal_data() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);

    let busy = r#"{"detail":"ada@b.example is busy","email":["ada@b.example is taken"]}"#;
    let created = r#"{"checkoutUrl":"https://kelviq.com/c/","checkoutSessionId":"cs_1"}"#;
    let upstream = Upstream::answering([
        answer("503 Service Unavailable", "Retry-After: 0\r\n", busy),
        answer("201 Created", "", created),
    ])
    .await;
    let kelviq = Kelviq::builder("server-secret-key")
        .base_url(&upstream.url)
        .build()
        .unwrap();
    let request = CreateCheckoutSession::new(
        CheckoutPlan::new("pro", ChargePeriod::Monthly),
        "https://a.example/?x=ada",
    )
    .customer_id("ada-lovelace")
    .metadata(Metadata::from_json(r#"{"note":"for ada"}"#).unwrap());
    kelviq.create_checkout_session(&request).await.unwrap();
    drop(guard);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for shown in [
        "method=POST",
        "/api/v1/checkout/",
        "status=201",
        "attempts=2",
        "status=503",
    ] {
        assert!(log.contains(shown), "{shown} in {log}");
    }
    for hidden in ["ada", "secret-key", "Bearer"] {
        assert!(!log.contains(hidden), "{hidden} in {log}");
    }
}
