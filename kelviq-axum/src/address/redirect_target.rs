//! Validates the URLs from Kelviq before a buyer is sent to them.

use std::sync::Arc;

use kelviq_core::{__internal::is_loopback, Kelviq};
use url::{Host, Url};

/// The hosts that buyers may be sent to. Cloning is cheap.
#[derive(Clone, Debug)]
pub(crate) struct RedirectTargets {
    extra_hosts: Arc<[String]>,
    /// Checkout pages can be on loopback: those of a fake on this machine, or of one in a container with a published port.
    allow_loopback: bool,
    insecure_host: Option<String>,
}

impl RedirectTargets {
    pub(crate) fn new(kelviq: &Kelviq) -> Self {
        let insecure_host = kelviq.insecure_host().map(str::to_owned);
        Self {
            extra_hosts: Arc::new([]),
            allow_loopback: kelviq.is_loopback() || insecure_host.is_some(),
            insecure_host,
        }
    }

    /// Adds a host, over https.
    pub(crate) fn allow(&mut self, host: String) {
        self.extra_hosts = self.extra_hosts.iter().cloned().chain([host]).collect();
    }

    /// Validates a URL from Kelviq. The error describes what is wrong with it.
    pub(crate) fn validate(&self, url: &Url) -> Result<(), String> {
        validate_redirect(
            url,
            &self.extra_hosts,
            self.allow_loopback,
            self.insecure_host.as_deref(),
        )
    }

    /// Returns the sources for `form-action` in a `Content-Security-Policy`.
    pub(crate) fn form_action_sources(&self) -> String {
        let mut sources = vec![
            format!("https://{KELVIQ_DOMAIN}"),
            format!("https://*.{KELVIQ_DOMAIN}"),
        ];
        let extra = self.extra_hosts.iter();
        sources.extend(extra.map(|host| format!("https://{host}")));
        if self.allow_loopback {
            let hosts = ["*.localhost", "127.0.0.1", "localhost"];
            sources.extend(hosts.map(|host| format!("http://{host}:*")));
        }
        if let Some(host) = &self.insecure_host {
            sources.push(format!("http://{host}:*"));
        }
        sources.join(" ")
    }
}

/// Validates a URL. The error describes what is wrong with it.
///
/// The URL is parsed already, so that no other text reaches a header. `allow_loopback` is for a client that sends
/// its requests to a fake on loopback, and `insecure_host` for one that sends them over http to a fake on that host.
fn validate_redirect(
    url: &Url,
    extra_hosts: &[String],
    allow_loopback: bool,
    insecure_host: Option<&str>,
) -> Result<(), String> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the redirect URL contains a user name or password".into());
    }
    if allow_loopback && is_loopback(url) && matches!(url.scheme(), "http" | "https") {
        return Ok(());
    }
    if url.scheme() == "http" && insecure_host.is_some() && url.host_str() == insecure_host {
        return Ok(());
    }
    if url.scheme() != "https" {
        return Err(format!(
            "the redirect URL has the scheme {}, not https",
            url.scheme()
        ));
    }
    let is_allowed = |host: &str| is_kelviq(host) || extra_hosts.iter().any(|extra| extra == host);
    match url.host() {
        Some(Host::Domain(host)) if url.port().is_none() && is_allowed(host) => Ok(()),
        _ => Err(format!(
            "the redirect URL has the host {}; if this is expected, add it with Shop::allow_redirects_to",
            url.host_str().unwrap_or("(none)")
        )),
    }
}

/// The domain of Kelviq's hosts. Its subdomains are also Kelviq's.
const KELVIQ_DOMAIN: &str = "kelviq.com";

fn is_kelviq(host: &str) -> bool {
    let prefix = host.strip_suffix(KELVIQ_DOMAIN);
    prefix.is_some_and(|prefix| prefix.is_empty() || prefix.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_valid(url: &str, extra_hosts: &[String], allow_loopback: bool) -> bool {
        let url = Url::parse(url);
        url.is_ok_and(|url| validate_redirect(&url, extra_hosts, allow_loopback, None).is_ok())
    }

    #[test]
    fn kelviq_and_allowed_hosts_are_accepted() {
        let extra = ["pay.example.com".to_owned()];
        for url in [
            "https://kelviq.com/checkout/cs_1/",
            "https://www.kelviq.com/checkout/cs_1/",
            "https://KELVIQ.com/checkout/cs_1/",
            "https://pay.example.com/cs_1",
        ] {
            assert!(is_valid(url, &extra, false), "{url}");
        }
    }

    #[test]
    fn other_urls_are_rejected() {
        for url in [
            "http://kelviq.com/",
            "https://kelviq.com.evil.example/",
            "https://evilkelviq.com/",
            "https://kelviq.com@evil.example/",
            "https://user@kelviq.com/",
            "javascript:alert(1)",
            "data:text/html,x",
            "//kelviq.com/",
            "/checkout",
            "",
            "https://127.0.0.1/",
            "http://localhost/",
            "https://kelviq.com./",
            "https://kelviq.com:8443/",
        ] {
            assert!(!is_valid(url, &[], false), "{url}");
        }
    }

    #[test]
    fn loopback_is_accepted_only_for_a_client_on_loopback() {
        for url in [
            "http://127.0.0.1:4010/checkout/cs_1/",
            "http://localhost:1/",
            "http://[::1]:1/",
        ] {
            assert!(is_valid(url, &[], true), "{url}");
            assert!(!is_valid(url, &[], false), "{url}");
        }
        assert!(!is_valid("http://10.0.0.1/", &[], true));
    }
}
