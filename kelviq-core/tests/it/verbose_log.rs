//! The verbose log of a custom HTTP client, which would contain the API key.

use std::sync::Mutex;

use crate::support::{
    request::request,
    upstream::{KEY, Upstream, created},
};

struct Log(Mutex<String>);

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let line = format!("{} {}\n", record.target(), record.args());
        self.0.lock().unwrap().push_str(&line);
    }

    fn flush(&self) {}
}

static LOG: Log = Log(Mutex::new(String::new()));

#[tokio::test]
async fn it_is_disabled() {
    log::set_logger(&LOG).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let upstream = Upstream::responding([created()]).await;
    let http = reqwest::Client::builder().connection_verbose(true);
    let kelviq = upstream.builder().http_client(http).build().unwrap();
    kelviq.create_checkout_session(&request()).await.unwrap();
    let log = LOG.0.lock().unwrap();
    assert!(log.contains("reqwest"), "the log is recorded: {log}");
    for hidden in [KEY, "Bearer"] {
        assert!(!log.contains(hidden), "{log}");
    }
}
