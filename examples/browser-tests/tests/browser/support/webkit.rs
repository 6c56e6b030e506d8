//! `WebKitGTK`: the capabilities of its test browser.

use serde_json::{Value, json};

use super::settings::Settings;

pub(super) fn capabilities(settings: &Settings) -> Value {
    let mut arguments = vec!["--automation"];
    if !settings.javascript {
        arguments.push("--enable-javascript=false");
    }
    if !settings.back_forward_cache {
        arguments.push("--enable-page-cache=false");
    }
    json!({"webkitgtk:browserOptions": {"args": arguments}})
}
