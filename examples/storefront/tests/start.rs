//! The program itself: how it starts, refuses to, and ends.

#![expect(clippy::unwrap_used, reason = "a test may fail in its helpers")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Command, Output, Stdio},
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
}

#[test]
fn a_taken_port_is_named() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port().to_string();
    assert_refuses(&[("PORT", &port)], &format!("port {port} is taken"));
}

/// Ctrl-C is a signal only on Unix.
#[cfg(unix)]
#[test]
fn it_says_where_it_is_and_ends_with_ctrl_c() {
    let mut child = storefront(&[("PORT", "0")])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let (mut address, mut note) = (String::new(), String::new());
    stdout.read_line(&mut address).unwrap();
    stdout.read_line(&mut note).unwrap();
    let host = address
        .trim_end()
        .strip_prefix("storefront on http://")
        .unwrap();
    assert!(
        note.contains("stand-in") && note.contains("KELVIQ_API_KEY"),
        "{note}"
    );

    let mut connection = TcpStream::connect(host).unwrap();
    write!(
        connection,
        "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut page = String::new();
    connection.read_to_string(&mut page).unwrap();
    assert!(page.starts_with("HTTP/1.1 200 OK"), "{page}");

    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
