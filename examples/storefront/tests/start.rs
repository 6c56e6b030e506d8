//! The program itself: how it starts, refuses to, and ends.

#![expect(clippy::unwrap_used, reason = "a test may fail in its helpers")]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

fn storefront(vars: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_storefront"));
    command.env_clear().envs(vars.iter().copied());
    command
}

#[track_caller]
fn assert_refuses(vars: &[(&str, &str)], reason: &str) {
    let Output {
        status,
        stdout,
        stderr,
    } = storefront(vars).output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{stderr}");
    assert!(
        stderr.starts_with("storefront: ") && stderr.contains(reason),
        "{stderr}"
    );
    assert_eq!(stdout, b"");
}

#[test]
fn it_says_why_it_does_not_start() {
    let secret = ("KELVIQ_WEBHOOK_SECRET", "kq_whsec_test");
    let key = ("KELVIQ_API_KEY", "server-test");
    assert_refuses(&[("KELVIQ_ENV", "production")], "KELVIQ_API_KEY is not set");
    assert_refuses(&[key], "KELVIQ_WEBHOOK_SECRET is not set");
    assert_refuses(&[("PORT", "many")], r#"PORT is "many"; expected a number"#);
    let public_url = ("PUBLIC_URL", "shop.example");
    assert_refuses(&[key, secret, public_url, ("PORT", "0")], "PUBLIC_URL");
    assert_refuses(
        &[("KELVIQ_API_KEY", "")],
        "KELVIQ_API_KEY is set, but empty",
    );
}

#[test]
fn a_taken_port_is_named() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port().to_string();
    assert_refuses(&[("PORT", &port)], &format!("port {port} is taken"));
}

/// Signals are for Unix only.
#[cfg(unix)]
mod running {
    use super::*;

    /// The program, where it says that it is, and what else it says.
    struct Running {
        child: Child,
        stdout: BufReader<ChildStdout>,
        host: String,
    }

    impl Running {
        fn start(vars: &[(&str, &str)]) -> Self {
            let mut child = storefront(vars)
                .env("PORT", "0")
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut stdout = BufReader::new(child.stdout.take().unwrap());
            let mut address = String::new();
            stdout.read_line(&mut address).unwrap();
            let host = address.trim_end().strip_prefix("storefront on http://");
            Self {
                host: host.unwrap().to_owned(),
                child,
                stdout,
            }
        }

        fn send(&self, request: &str) -> TcpStream {
            let mut connection = TcpStream::connect(&self.host).unwrap();
            write!(connection, "{request}").unwrap();
            connection
        }

        fn get_home(&self) -> String {
            let host = &self.host;
            let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            let mut page = String::new();
            self.send(&request).read_to_string(&mut page).unwrap();
            page
        }

        fn signal(&self, name: &str) {
            let pid = self.child.id().to_string();
            let kill = Command::new("kill").args([name, &pid]).status().unwrap();
            assert!(kill.success());
        }

        /// What it wrote to stderr until it ended, which it has to do well.
        fn end(mut self) -> String {
            let mut log = String::new();
            let mut stderr = self.child.stderr.take().unwrap();
            stderr.read_to_string(&mut log).unwrap();
            assert_eq!(self.child.wait().unwrap().code(), Some(0), "{log}");
            log
        }
    }

    #[test]
    fn it_says_where_it_is_and_ends_with_ctrl_c() {
        let mut shop = Running::start(&[]);
        let mut note = String::new();
        shop.stdout.read_line(&mut note).unwrap();
        for text in ["stand-in", "KELVIQ_API_KEY", "to talk to Kelviq"] {
            assert!(note.contains(text), "{note}");
        }
        let page = shop.get_home();
        assert!(page.starts_with("HTTP/1.1 200 OK"), "{page}");
        shop.signal("-INT");
        shop.end();
    }

    #[test]
    fn the_log_says_who_takes_the_payments() {
        let shop = Running::start(&[
            ("KELVIQ_API_KEY", "server-test"),
            ("KELVIQ_WEBHOOK_SECRET", "kq_whsec_test"),
            ("KELVIQ_ENV", "production"),
            ("KELVIQ_BASE_URL", "http://127.0.0.1:4010"),
            ("PUBLIC_URL", "https://shop.example"),
        ]);
        shop.get_home();
        shop.signal("-TERM");
        let log = shop.end();
        for text in [
            "environment=production",
            "http://127.0.0.1:4010/api/v1",
            "https://shop.example/",
            "orders are kept in memory",
        ] {
            assert!(log.contains(text), "{text}: {log}");
        }
        assert!(
            !log.contains("server-test") && !log.contains("kq_whsec_test"),
            "{log}"
        );
    }

    #[test]
    fn the_log_says_whether_browsers_take_the_pages_over() {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("start");
        fs::create_dir_all(root.join("pkg")).unwrap();
        for name in ["storefront.js", "storefront.wasm"] {
            fs::write(root.join("pkg").join(name), "").unwrap();
        }
        let root = root.to_str().unwrap();
        for (root, line) in [
            (root, "browsers take the pages over"),
            ("no/such/folder", "no scripts for browsers"),
        ] {
            let shop = Running::start(&[("LEPTOS_SITE_ROOT", root)]);
            let page = shop.get_home();
            assert_eq!(page.contains("<script"), line.starts_with("browsers"));
            shop.signal("-TERM");
            let log = shop.end();
            let line = log.lines().find(|text| text.contains(line));
            assert!(line.is_some_and(|line| line.contains(root)), "{log}");
        }
    }

    #[test]
    fn a_slow_client_does_not_keep_it_running() {
        let shop = Running::start(&[]);
        let _slow = shop.send("GET / HTTP/1.1\r\nHost:");
        shop.get_home();
        shop.signal("-TERM");
        let told = Instant::now();
        shop.end();
        assert!(told.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn a_second_ctrl_c_does_not_wait() {
        let shop = Running::start(&[]);
        let _slow = shop.send("GET / HTTP/1.1\r\nHost:");
        shop.get_home();
        shop.signal("-INT");
        let told = Instant::now();
        // Two signals at once would be one.
        sleep(Duration::from_millis(500));
        shop.signal("-INT");
        shop.end();
        assert!(
            told.elapsed() < Duration::from_secs(4),
            "{:?}",
            told.elapsed()
        );
    }

    #[test]
    fn it_runs_when_nobody_reads_what_it_prints() {
        let mut reader = Command::new("true").stdin(Stdio::piped()).spawn().unwrap();
        let unread = reader.stdin.take().unwrap();
        reader.wait().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let mut shop = storefront(&[("PORT", &address.port().to_string())])
            .stdout(unread)
            .spawn()
            .unwrap();
        while TcpStream::connect(address).is_err() {
            assert_eq!(shop.try_wait().unwrap(), None);
            sleep(Duration::from_millis(20));
        }
        // Time to print both lines.
        sleep(Duration::from_millis(200));
        assert_eq!(shop.try_wait().unwrap(), None);
        shop.kill().unwrap();
        shop.wait().unwrap();
    }
}
