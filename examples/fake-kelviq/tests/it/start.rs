//! The program's start: its address, its warning, and errors.

use std::process::Command;
#[cfg(target_os = "linux")]
use std::{
    io::{BufRead, BufReader, Read},
    net::TcpStream,
    process::Stdio,
};

/// Starts the program on a free port. Returns whether it is reachable at 127.0.0.2, and its log.
#[cfg(target_os = "linux")] // elsewhere, 127.0.0.2 does not exist by default
fn start(args: &[&str]) -> (bool, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_fake-kelviq"))
        .args(["--port", "0"])
        .args(args)
        .env_remove("RUST_LOG")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let url = line.trim_end().rsplit_once("KELVIQ_BASE_URL=").unwrap().1;
    let url = url.split(' ').next().unwrap();
    let rest = url.strip_prefix("http://127.0.0.1:").unwrap();
    let port: u16 = rest.strip_suffix("/api/v1").unwrap().parse().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    let is_reachable = TcpStream::connect(("127.0.0.2", port)).is_ok();
    program.kill().unwrap();
    program.wait().unwrap();
    let mut log = String::new();
    let mut stderr = program.stderr.take().unwrap();
    stderr.read_to_string(&mut log).unwrap();
    (is_reachable, log)
}

#[cfg(target_os = "linux")]
#[test]
fn it_listens_beyond_loopback_only_if_told_to_and_warns() {
    let (is_reachable, log) = start(&[]);
    assert!(!is_reachable);
    assert!(!log.contains("WARN"), "{log}");

    let (is_reachable, log) = start(&["--listen", "0.0.0.0"]);
    assert!(is_reachable);
    assert!(
        log.contains("WARN") && log.contains("listening on 0.0.0.0:"),
        "{log}"
    );
}

#[test]
fn the_help_describes_the_address() {
    let output = Command::new(env!("CARGO_BIN_EXE_fake-kelviq"))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for text in [
        "--listen <ADDRESS>",
        "beyond loopback",
        "[default: 127.0.0.1]",
    ] {
        assert!(help.contains(text), "{text}: {help}");
    }
}

#[test]
fn invalid_options_are_named_instead_of_environment_variables() {
    for (option, value, reason) in [
        ("--api-key", "", "the API key to accept"),
        ("--api-key", "client-test", "the API key to accept"),
        ("--webhook-secret", "", "--webhook-secret must be"),
        ("--webhook-url", "/webhooks", "the webhook URL"),
        ("--public-url", "kelviq.test", "the public URL"),
        ("--listen", "192.0.2.1", "192.0.2.1 is not an address"),
        ("--price", "pro=29.001:USD", "the price \"29.001\" \"USD\""),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_fake-kelviq"))
            .args(["--port", "0", option, value])
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(
            stderr.starts_with("fake-kelviq: ") && stderr.contains(reason),
            "{stderr}"
        );
        assert!(!stderr.contains("(KELVIQ_"), "{stderr}");
        assert_eq!(output.stdout, b"");
    }
}

#[test]
fn the_format_of_prices_and_features_is_shown() {
    for (option, values, format) in [
        (
            "--price",
            ["pro", "pro=29.00"].as_slice(),
            "team=180.00:USD",
        ),
        (
            "--feature",
            &["pro", "pro=calls:many"],
            "pro=api-calls:1000",
        ),
    ] {
        for value in values {
            let output = Command::new(env!("CARGO_BIN_EXE_fake-kelviq"))
                .args(["--port", "0", option, value])
                .output()
                .unwrap();
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{stderr}");
            assert!(stderr.contains(format), "{stderr}");
        }
    }
}
