//! Hosts that documentation shows in the place of a real one.

/// Returns `true` for hosts that documentation and templates show in the place of the application's. Only whole labels count,
/// because a name can begin with "your".
pub fn is_placeholder_host(host: &str) -> bool {
    const WORDS: [&str; 2] = ["changeme", "replaceme"];
    const YOURS: [&str; 11] = [
        "app", "company", "domain", "host", "name", "server", "shop", "site", "store", "url",
        "website",
    ];
    host.split('.').any(|label| {
        let label = label.replace(['-', '_'], "");
        let is_yours = |rest| YOURS.contains(&rest);
        WORDS.contains(&label.as_str()) || label.strip_prefix("your").is_some_and(is_yours)
    })
}
