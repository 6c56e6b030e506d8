//! The program as a process: startup, startup errors, and shutdown.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread::sleep,
    time::{Duration, Instant},
};

/// Returns the program with these variables, and with a new database.
fn storefront(vars: &[(&str, &str)]) -> Command {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("process-{number}"));
    let _ = fs::remove_dir_all(&folder);
    let database = format!("sqlite:{}/shop.db", folder.display());
    let mut command = Command::new(env!("CARGO_BIN_EXE_storefront"));
    command
        .env_clear()
        .env("DATABASE_URL", database)
        .envs(vars.iter().copied());
    command
}

#[track_caller]
fn assert_fails(vars: &[(&str, &str)], reason: &str) {
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
fn startup_errors_name_the_variable() {
    let secret = ("KELVIQ_WEBHOOK_SECRET", "kq_whsec_test");
    let key = ("KELVIQ_API_KEY", "server-test");
    assert_fails(&[("KELVIQ_ENV", "production")], "KELVIQ_API_KEY is not set");
    assert_fails(&[key], "KELVIQ_WEBHOOK_SECRET is not set");
    assert_fails(&[("PORT", "many")], "PORT is invalid; expected a number");
    let public_url = ("PUBLIC_URL", "shop.example");
    assert_fails(&[key, secret, public_url, ("PORT", "0")], "PUBLIC_URL");
    assert_fails(
        &[("KELVIQ_API_KEY", "")],
        "KELVIQ_API_KEY is set, but empty",
    );
}

#[test]
fn an_unreachable_database_is_named_without_its_password() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = free.local_addr().unwrap();
    drop(free);
    let url = format!("postgres://shop:hunter2@{host}/orders");
    let Output { status, stderr, .. } = storefront(&[("DATABASE_URL", &url)]).output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{stderr}");
    let database = format!("cannot open the database, PostgreSQL ({host}/orders): ");
    assert!(stderr.contains(&database), "{stderr}");
    assert!(stderr.contains("refused"), "{stderr}");
    assert!(!stderr.contains("hunter2"), "{stderr}");
}

#[test]
fn a_port_in_use_is_named() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port().to_string();
    assert_fails(
        &[("PORT", &port)],
        &format!("port {port} is already in use"),
    );
}

/// Tests that send signals, which exist on Unix only.
#[cfg(unix)]
mod running {
    use super::*;

    /// A running program, its address, and its output.
    struct Running {
        child: Child,
        stdout: BufReader<ChildStdout>,
        stderr: BufReader<ChildStderr>,
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
            let stderr = BufReader::new(child.stderr.take().unwrap());
            let mut address = String::new();
            stdout.read_line(&mut address).unwrap();
            let host = address.trim_end().strip_prefix("storefront on http://");
            Self {
                host: host.unwrap().to_owned(),
                child,
                stdout,
                stderr,
            }
        }

        fn send(&self, request: &str) -> TcpStream {
            send(&self.host, request)
        }

        fn get_home(&self) -> String {
            get_home(&self.host)
        }

        fn signal(&self, name: &str) {
            let pid = self.child.id().to_string();
            let kill = Command::new("kill").args([name, &pid]).status().unwrap();
            assert!(kill.success());
        }

        /// Reads the log until a line contains `text`.
        fn wait_for_log(&mut self, text: &str) {
            let mut line = String::new();
            while !line.contains(text) {
                line.clear();
                assert_ne!(self.stderr.read_line(&mut line).unwrap(), 0, "no {text:?}");
            }
        }

        /// Waits for the program to exit with code 0, and returns the rest of its log.
        fn wait(mut self) -> String {
            let mut log = String::new();
            self.stderr.read_to_string(&mut log).unwrap();
            assert_eq!(self.child.wait().unwrap().code(), Some(0), "{log}");
            log
        }
    }

    fn send(host: &str, request: &str) -> TcpStream {
        let mut connection = TcpStream::connect(host).unwrap();
        write!(connection, "{request}").unwrap();
        connection
    }

    fn get_home(host: &str) -> String {
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let mut page = String::new();
        send(host, &request).read_to_string(&mut page).unwrap();
        page
    }

    #[test]
    fn it_prints_its_address_and_exits_on_ctrl_c() {
        let mut shop = Running::start(&[]);
        let mut note = String::new();
        shop.stdout.read_line(&mut note).unwrap();
        for text in ["local fake", "KELVIQ_API_KEY", "to use Kelviq"] {
            assert!(note.contains(text), "{note}");
        }
        let page = shop.get_home();
        assert!(page.starts_with("HTTP/1.1 200 OK"), "{page}");
        shop.signal("-INT");
        shop.wait();
    }

    #[test]
    fn the_log_names_the_environment_and_the_urls_but_no_secret() {
        let shop = Running::start(&[
            ("KELVIQ_API_KEY", "server-test"),
            ("KELVIQ_WEBHOOK_SECRET", "kq_whsec_test"),
            ("KELVIQ_ENV", "production"),
            ("KELVIQ_BASE_URL", "http://127.0.0.1:4010"),
            ("PUBLIC_URL", "https://shop.example"),
        ]);
        shop.get_home();
        shop.signal("-TERM");
        let log = shop.wait();
        for text in [
            "environment=production",
            "http://127.0.0.1:4010/api/v1",
            "https://shop.example/",
            "orders are kept in SQLite (",
            "webhooks that fail are handled again by this process",
            "webhooks are no longer handled again by this process",
        ] {
            assert!(log.contains(text), "{text}: {log}");
        }
        assert!(
            !log.contains("server-test") && !log.contains("kq_whsec_test"),
            "{log}"
        );
    }

    #[test]
    fn the_log_says_whether_pages_are_hydrated() {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("start");
        fs::create_dir_all(root.join("pkg")).unwrap();
        for name in ["storefront.js", "storefront.wasm"] {
            fs::write(root.join("pkg").join(name), "").unwrap();
        }
        let root = root.to_str().unwrap();
        for (root, line) in [
            (root, "pages are hydrated"),
            ("no/such/folder", "pages are not hydrated"),
        ] {
            let shop = Running::start(&[("LEPTOS_SITE_ROOT", root)]);
            let page = shop.get_home();
            assert_eq!(page.contains("<script"), line == "pages are hydrated");
            shop.signal("-TERM");
            let log = shop.wait();
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
        let signalled = Instant::now();
        shop.wait();
        assert!(signalled.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn a_second_ctrl_c_does_not_wait() {
        let mut shop = Running::start(&[]);
        let _slow = shop.send("GET / HTTP/1.1\r\nHost:");
        shop.get_home();
        shop.signal("-INT");
        let signalled = Instant::now();
        // Two signals that are sent at once can arrive as one.
        shop.wait_for_log("press Ctrl-C again");
        shop.signal("-INT");
        shop.wait();
        assert!(
            signalled.elapsed() < Duration::from_secs(4),
            "{:?}",
            signalled.elapsed()
        );
    }

    #[test]
    fn it_runs_with_a_closed_stdout() {
        let mut reader = Command::new("true").stdin(Stdio::piped()).spawn().unwrap();
        let closed = reader.stdin.take().unwrap();
        reader.wait().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let mut shop = storefront(&[("PORT", &address.port().to_string())])
            .stdout(closed)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while TcpStream::connect(address).is_err() {
            assert_eq!(shop.try_wait().unwrap(), None);
            sleep(Duration::from_millis(20));
        }
        // It prints both lines before it responds.
        let page = get_home(&address.to_string());
        assert!(page.starts_with("HTTP/1.1 200 OK"), "{page}");
        assert_eq!(shop.try_wait().unwrap(), None);
        shop.kill().unwrap();
        shop.wait().unwrap();
    }
}
