//! Errors when the program starts.

use std::process::Command;

#[test]
fn an_invalid_port_is_an_error() {
    let output = Command::new(env!("CARGO_BIN_EXE_minimal-axum"))
        .env_clear()
        .env("KELVIQ_API_KEY", "server-test")
        .env("KELVIQ_WEBHOOK_SECRET", "kq_whsec_test")
        .env("PORT", " 65536 ")
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr.contains("PORT is invalid; expected"), "{stderr}");
    assert_eq!(output.stdout, b"");
}
