//! The program at a small scale, with failing handlers only: after a kill, it waits for the end of claims, which takes 45 s.

use std::process::Command;

#[test]
fn each_event_takes_effect_with_sqlite() {
    let output = Command::new(env!("CARGO_BIN_EXE_exactly-once"))
        .args([
            "--only=sqlite",
            "--kills=0",
            "--deliveries=200",
            "--events=40",
        ])
        .arg("--time-limit=120")
        .output()
        .unwrap();
    let figures = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{figures}\n{errors}");
    assert!(figures.contains("all promises kept"), "{figures}");
}
