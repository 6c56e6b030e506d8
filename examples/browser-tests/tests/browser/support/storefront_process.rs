//! The storefront as a process that can be killed, with a fake Kelviq outside of it.

use std::{
    env,
    io::{BufRead, BufReader},
    iter,
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use kelviq_axum::{fake::FakeKelviq, kelviq_core::WebhookSecret};
use tempfile::TempDir;

const WEBHOOK_SECRET: &str = "kq_whsec_test";

/// Longer than any test, so that webhooks are never delivered.
const DELIVERY_DELAY: Duration = Duration::from_hours(1);

/// The program, started with the same database each time. Killed when dropped.
pub(crate) struct StorefrontProcess {
    pub(crate) kelviq: FakeKelviq,
    port: u16,
    database: TempDir,
    child: Child,
}

impl StorefrontProcess {
    /// Returns an error if the program has not been built.
    pub(crate) fn available() -> Result<(), String> {
        let program = program();
        if program.is_file() {
            return Ok(());
        }
        let program = program.display();
        Err(format!(
            "{program} is missing; `cargo build -p storefront` builds it"
        ))
    }

    /// Starts the storefront and a fake that takes payments, but does not deliver webhooks.
    pub(crate) async fn start() -> Self {
        let port = fixed_port();
        let kelviq = FakeKelviq::builder()
            .webhook_url(format!("http://127.0.0.1:{port}/webhooks/kelviq"))
            .webhook_secret(WebhookSecret::new(WEBHOOK_SECRET).unwrap())
            .delivery_delay(DELIVERY_DELAY)
            .price("starter", "49", "USD")
            .start()
            .await
            .unwrap();
        let database = TempDir::new().unwrap();
        let child = spawn(port, &kelviq, &database);
        Self {
            kelviq,
            port,
            database,
            child,
        }
    }

    /// Kills the program (SIGKILL), and returns when it has ended.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts the program again, after [`kill`](Self::kill).
    pub(crate) fn start_again(&mut self) {
        self.child = spawn(self.port, &self.kelviq, &self.database);
    }

    /// Returns the URL of a page.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

impl Drop for StorefrontProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the program, and returns when it listens.
fn spawn(port: u16, kelviq: &FakeKelviq, database: &TempDir) -> Child {
    let database = database.path().join("shop.db");
    let mut child = Command::new(program())
        .env("PORT", port.to_string())
        .env("DATABASE_URL", format!("sqlite:{}", database.display()))
        .env("KELVIQ_BASE_URL", kelviq.base_url())
        .env("KELVIQ_API_KEY", kelviq.api_key())
        .env("KELVIQ_WEBHOOK_SECRET", WEBHOOK_SECRET)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    assert!(line.starts_with("storefront on "), "{line:?}");
    child
}

/// Returns the path of the program, which is in the folder above that of the tests.
fn program() -> PathBuf {
    let test = env::current_exe().unwrap();
    let folder = test.ancestors().nth(2).unwrap();
    folder.join(format!("storefront{}", env::consts::EXE_SUFFIX))
}

/// Returns a port that is free, and that the system does not give to other servers while the program is down.
fn fixed_port() -> u16 {
    // Two tests never try the same port: it is still free until the program listens.
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let offset = u16::try_from(process::id() % 10_000).unwrap();
    iter::repeat_with(|| NEXT.fetch_add(1, Ordering::Relaxed))
        .take(10_000)
        .map(|number| 20_000 + (offset + number) % 10_000)
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .unwrap()
}
