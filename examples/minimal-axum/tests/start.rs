//! The program itself: how it refuses to start.

use std::process::Command;

#[test]
fn a_port_that_is_none_is_named() {
    let output = Command::new(env!("CARGO_BIN_EXE_minimal-axum"))
        .env_clear()
        .env("KELVIQ_API_KEY", "server-test")
        .env("KELVIQ_WEBHOOK_SECRET", "kq_whsec_test")
        .env("PORT", " 65536 ")
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr.contains(r#"PORT is "65536"; expected"#), "{stderr}");
    assert_eq!(output.stdout, b"");
}
