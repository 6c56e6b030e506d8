//! Accessibility rules, checked by axe-core.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::browser::Browser;

const AXE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../target/npm/node_modules/axe-core/axe.min.js"
);

/// Returns a line for each violation.
const VIOLATIONS: &str = "
    return axe.run({ rules }).then(({ violations }) => violations.flatMap(({ id, help, helpUrl, nodes }) =>
        nodes.map(({ target }) => `${id}: ${target.join(' ')}: ${help} (${helpUrl})`)));
";

/// Returns an error if axe-core is not installed.
pub(crate) fn check_axe() -> Result<(), String> {
    if Path::new(AXE).is_file() {
        return Ok(());
    }
    Err("axe-core is missing; `.ci/install-browser-tools` installs it".into())
}

impl Browser {
    /// Asserts that the current page violates no rule.
    pub(crate) async fn assert_accessible(&self) {
        self.assert_accessible_except(&[]).await;
    }

    /// Asserts that the current page violates none of the rules but these.
    pub(crate) async fn assert_accessible_except(&self, rules: &[&str]) {
        let axe = fs::read_to_string(AXE).unwrap();
        let disabled = rules
            .iter()
            .map(|rule| ((*rule).to_owned(), json!({"enabled": false})));
        let disabled = Value::Object(disabled.collect());
        let script = format!("{axe}; const rules = {disabled}; {VIOLATIONS}");
        let violations = self.execute(&script).await;
        let violations = violations.as_array().expect("the violations are a list");
        let violations: Vec<_> = violations.iter().filter_map(Value::as_str).collect();
        let url = self.url().await;
        assert!(violations.is_empty(), "{url}:\n{}", violations.join("\n"));
    }
}
