//! Errors when the program starts.

use std::process::Command;

#[test]
fn invalid_options_are_named_instead_of_environment_variables() {
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
