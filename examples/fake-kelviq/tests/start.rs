//! The program itself: how it refuses to start.

use std::process::Command;

#[test]
fn options_that_cannot_work_are_explained_without_the_variables_of_an_app() {
    for (option, value, reason) in [
        ("--api-key", "", "the API key to accept"),
        ("--api-key", "client-test", "the API key to accept"),
        ("--webhook-secret", "", "--webhook-secret must be"),
        ("--webhook-url", "/webhooks", "the webhook URL"),
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
