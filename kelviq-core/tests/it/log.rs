//! The spans and events that the client logs, which contain no personal data.

use std::{
    io,
    sync::{Arc, Mutex},
};

use kelviq_core::{CreateCheckoutSession, Metadata};
use tracing_subscriber::fmt::{MakeWriter, format::FmtSpan};

use crate::support::{
    request::plan,
    upstream::{Upstream, created, response},
};

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
    let upstream = Upstream::responding([
        response("503 Service Unavailable", "Retry-After: 0\r\n", busy),
        created(),
    ])
    .await;
    let request = CreateCheckoutSession::new(plan(), "https://a.example/?x=ada")
        .customer_id("ada-lovelace")
        .metadata(Metadata::from_json(r#"{"note":"for ada"}"#).unwrap());
    let kelviq = upstream.client();
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
    for hidden in ["ada", "0123456789abcdef", "Bearer"] {
        assert!(!log.contains(hidden), "{hidden} in {log}");
    }
}
