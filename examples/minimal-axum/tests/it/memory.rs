//! The memory of the program while many senders stall.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, SystemTime},
};

use kelviq_core::WebhookSecret;

const SENDERS: usize = 800;
const BODY: usize = 1024 * 1024;
const MAX_MIB: usize = 100;

/// The program, stopped when it is dropped.
struct Program {
    child: Child,
    address: SocketAddr,
}

impl Program {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_minimal-axum"))
            .env_clear()
            .env("KELVIQ_API_KEY", "server-test")
            .env("KELVIQ_WEBHOOK_SECRET", "kq_whsec_test")
            .env("PUBLIC_URL", "https://app.example.com")
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let (_, address) = line.trim_end().rsplit_once("http://").unwrap();
        let address = address.parse().unwrap();
        Self { child, address }
    }

    /// The highest resident memory so far, in MiB.
    fn peak_memory(&self) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let kib = line.unwrap().split_whitespace().nth(1).unwrap();
        kib.parse::<usize>().unwrap() / 1024
    }

    /// Opens a connection and sends the head of a delivery with these headers.
    fn deliver(&self, id: &str, timestamp: &str, signature: &str, framing: &str) -> TcpStream {
        let mut socket = TcpStream::connect(self.address).unwrap();
        let timeout = Some(Duration::from_secs(5));
        socket.set_write_timeout(timeout).unwrap();
        socket.set_read_timeout(timeout).unwrap();
        write!(
            socket,
            "POST /webhooks/kelviq HTTP/1.1\r\nhost: app.example.com\r\nwebhook-id: {id}\r\n\
             webhook-timestamp: {timestamp}\r\nwebhook-signature: {signature}\r\n{framing}\r\n\r\n"
        )
        .unwrap();
        socket
    }

    /// Opens a connection and sends the head of an unsigned delivery.
    fn deliver_unsigned(&self, framing: &str) -> TcpStream {
        let signature = format!("v1,{}", "0".repeat(64));
        self.deliver("evt_stalled", &now(), &signature, framing)
    }

    /// Delivers a signed event with `size` more bytes and returns the status line.
    fn deliver_event(&self, id: &str, size: usize) -> String {
        let filler = "x".repeat(size);
        let body = format!(
            r#"{{"id":"{id}","type":"customer.created","data":{{"object":{{"note":"{filler}"}}}}}}"#
        );
        let secret = WebhookSecret::new("kq_whsec_test").unwrap();
        let now = now();
        let signature = secret.sign(id, &now, body.as_bytes());
        let framing = format!("content-length: {}", body.len());
        let mut socket = self.deliver(id, &now, &signature, &framing);
        socket.write_all(body.as_bytes()).unwrap();
        let mut status = [0; 12];
        socket.read_exact(&mut status).unwrap();
        String::from_utf8(status.to_vec()).unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn now() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.unwrap().as_secs().to_string()
}

#[test]
fn stalled_unsigned_senders_use_little_memory_and_do_not_block_signed_events() {
    let declared = format!("content-length: {BODY}");
    for (framing, start) in [
        (declared.as_str(), String::new()),
        ("transfer-encoding: chunked", format!("{BODY:x}\r\n")),
    ] {
        let program = Program::start();
        let mut body = start.into_bytes();
        body.resize(body.len() + BODY - 1, b'x');
        let stalled: Vec<_> = (0..SENDERS)
            .map(|sender| {
                let mut socket = program.deliver_unsigned(framing);
                // Fails if the program has already responded and closed the connection.
                let _ = socket.write_all(&body);
                if sender % 200 == 0 {
                    let status = program.deliver_event(&format!("evt_{sender}"), 0);
                    assert_eq!(status, "HTTP/1.1 200");
                }
                socket
            })
            .collect();
        assert_eq!(program.deliver_event("evt_last", 0), "HTTP/1.1 200");
        assert_eq!(program.deliver_event("evt_60_kb", 60_000), "HTTP/1.1 200");
        let peak = program.peak_memory();
        println!("{SENDERS} stalled senders, {framing}: at most {peak} MiB");
        assert!(peak < MAX_MIB, "{framing}: {peak} MiB");
        drop(stalled);
    }
}

#[test]
fn senders_that_send_no_body_do_not_block_a_large_event() {
    let program = Program::start();
    let framing = format!("content-length: {BODY}");
    let stalled: Vec<_> = (0..SENDERS)
        .map(|_| program.deliver_unsigned(&framing))
        .collect();
    let status = program.deliver_event("evt_200_kb", 200_000);
    assert_eq!(status, "HTTP/1.1 200");
    drop(stalled);
}
