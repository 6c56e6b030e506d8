//! Where a buyer may be sent: an answer from upstream is checked before it becomes a redirect.

use url::{Host, Url};

use super::address::is_loopback;

/// The URL, parsed and written again, so that nothing unparsed reaches a header.
pub(super) fn check(
    checkout_url: &str,
    extra_hosts: &[String],
    loopback: bool,
) -> Result<Url, String> {
    let url = Url::parse(checkout_url).map_err(|_| "the address is not a URL".to_owned())?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the address holds a user name or password".into());
    }
    let on_loopback = loopback && is_loopback(&url) && matches!(url.scheme(), "http" | "https");
    if on_loopback {
        return Ok(url);
    }
    if url.scheme() != "https" {
        return Err(format!("the address is {}, not https", url.scheme()));
    }
    let is_allowed = |host: &str| is_kelviq(host) || extra_hosts.iter().any(|extra| extra == host);
    match url.host() {
        Some(Host::Domain(host)) if url.port().is_none() && is_allowed(host) => Ok(url),
        _ => Err(format!(
            "the address leads to the host {}; if that is right, allow it with Shop::allow_redirects_to",
            url.host_str().unwrap_or("(none)")
        )),
    }
}

fn is_kelviq(host: &str) -> bool {
    host == "kelviq.com" || host.ends_with(".kelviq.com")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kelviq_and_allowed_hosts_pass() {
        let extra = ["pay.example.com".to_owned()];
        for url in [
            "https://kelviq.com/checkout/cs_1/",
            "https://www.kelviq.com/checkout/cs_1/",
            "https://KELVIQ.com/checkout/cs_1/",
            "https://pay.example.com/cs_1",
        ] {
            assert!(check(url, &extra, false).is_ok(), "{url}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
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
            assert!(check(url, &[], false).is_err(), "{url}");
        }
    }

    #[test]
    fn loopback_passes_only_beside_a_client_on_loopback() {
        for url in [
            "http://127.0.0.1:4010/checkout/cs_1/",
            "http://localhost:1/",
            "http://[::1]:1/",
        ] {
            assert!(check(url, &[], true).is_ok(), "{url}");
            assert!(check(url, &[], false).is_err(), "{url}");
        }
        assert!(check("http://10.0.0.1/", &[], true).is_err());
    }
}
