//! Settings from environment variables: keys, secrets, environments and base URLs.

use kelviq_core::{Environment, Error, ErrorKind, Kelviq, WebhookSecret};
use tokio::net::TcpListener;

use crate::support::{
    request::request,
    upstream::{Upstream, created},
};

const KEY: (&str, &str) = ("KELVIQ_API_KEY", "server-test");
const PRODUCTION: (&str, &str) = ("KELVIQ_ENV", "production");

fn kelviq(variables: &[(&str, &str)]) -> Result<Kelviq, Error> {
    let lookup = |name: &str| {
        let found = variables.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    Kelviq::builder_from_lookup(lookup)?.build()
}

#[track_caller]
fn assert_rejected(variables: &[(&str, &str)], text: &str) {
    let error = kelviq(variables).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains(text), "{error}");
}

#[test]
fn a_webhook_secret_is_looked_up_under_its_name() {
    let secret = WebhookSecret::from_lookup(|name| {
        (name == WebhookSecret::ENV).then(|| "kq_whsec_test".to_owned())
    })
    .unwrap();
    let expected = WebhookSecret::new("kq_whsec_test").unwrap();
    assert_eq!(
        secret.sign("evt_1", "1", b"{}"),
        expected.sign("evt_1", "1", b"{}")
    );
    for unset in [None, Some(String::new())] {
        let error = WebhookSecret::from_lookup(|_| unset.clone()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("is not set"), "{error}");
    }
}

#[test]
fn the_key_can_be_in_either_variable() {
    let other = ("KELVIQ_SERVER_API_KEY", "server-test");
    for variables in [
        &[KEY][..],
        &[other],
        &[KEY, other],
        &[("KELVIQ_API_KEY", ""), other],
        &[KEY, ("KELVIQ_SERVER_API_KEY", "")],
    ] {
        assert!(kelviq(variables).is_ok(), "{variables:?}");
    }
    let different = ("KELVIQ_SERVER_API_KEY", "server-other");
    let error = kelviq(&[KEY, different]).unwrap_err().to_string();
    assert!(
        error.contains("KELVIQ_API_KEY and KELVIQ_SERVER_API_KEY"),
        "{error}"
    );
    assert!(!error.contains("server-"), "{error}");
    assert_rejected(&[], "KELVIQ_SERVER_API_KEY");
    assert_rejected(
        &[("KELVIQ_SERVER_API_KEY", "server a")],
        "(KELVIQ_SERVER_API_KEY) contains white space",
    );
}

#[tokio::test]
async fn a_rejected_key_is_reported_with_its_variable() {
    let unauthorized = crate::support::upstream::response("401 Unauthorized", "", "{}");
    let upstream = Upstream::responding([unauthorized]).await;
    let key = ("KELVIQ_SERVER_API_KEY", "server-test");
    let kelviq = kelviq(&[key, ("KELVIQ_BASE_URL", &upstream.url)]).unwrap();
    let error = kelviq.create_checkout_session(&request()).await;
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("check that KELVIQ_SERVER_API_KEY is"),
        "{error}"
    );
}

#[test]
fn placeholders_and_joined_values_are_rejected_without_their_text() {
    for value in [
        "…",
        "...",
        "server-…",
        "server-...",
        "<your key>",
        "<key>",
        "server-<key>",
        "your_api_key",
        "YOUR-API-KEY",
        "server-your_key_here",
        "your key",
        "changeme",
        "CHANGE_ME",
        "server-changeme",
        "server-xxxxxxxx",
        "kq_whsec_your_secret",
        "kq_whsec_…",
        "kq_whsec_changeme",
        "${KEY}",
        "server-zz zz",
        "server-zz\n",
        "server-zz\nKELVIQ_ENV=production",
        "server-zzKELVIQ_ENV=production",
        "server-zzPORT=3000",
        "KELVIQ_API_KEY=server-zz",
        "kq_whsec_zz PUBLIC_URL=https://zz.example",
    ] {
        let key = kelviq(&[("KELVIQ_API_KEY", value)]).unwrap_err();
        let secret = WebhookSecret::new(value).unwrap_err();
        for (error, name) in [(key, "KELVIQ_API_KEY"), (secret, "KELVIQ_WEBHOOK_SECRET")] {
            assert_eq!(error.kind(), ErrorKind::Configuration);
            let text = format!("{error} {error:?}");
            assert!(text.contains(&format!("({name}) ")), "{value:?}: {text}");
            for hidden in [value, "zz", "changeme", "3000"] {
                let is_in_our_words = hidden.len() < 4 && !hidden.starts_with('z');
                assert!(
                    is_in_our_words || !text.contains(hidden),
                    "{value:?}: {text}"
                );
            }
        }
    }
    for value in [
        "server-test",
        "server-a",
        "server-Ab3_x-YZ==",
        "server-a.b~c+d/e=",
    ] {
        assert!(kelviq(&[("KELVIQ_API_KEY", value)]).is_ok(), "{value}");
    }
    for value in ["kq_whsec_test", "kq_whsec_aGVsbG8=", "kq_whsec_x"] {
        assert!(WebhookSecret::new(value).is_ok(), "{value}");
    }
}

#[test]
fn a_placeholder_is_not_a_base_url() {
    for url in [
        "https://changeme",
        "https://your_host/api/v1",
        "https://api.your-domain.com",
        "https://your-shop.example",
    ] {
        assert_rejected(&[KEY, ("KELVIQ_BASE_URL", url)], "placeholder");
    }
    let name = ("KELVIQ_BASE_URL", "https://your-coffee.example");
    assert!(kelviq(&[KEY, name]).is_ok());
}

#[test]
fn in_production_the_base_url_is_https_and_not_the_sandbox() {
    for (url, text) in [
        ("http://k.example", "https"),
        ("https://sandboxapi.kelviq.com/api/v1", "sandbox"),
        ("https://SandboxAPI.kelviq.com.", "sandbox"),
        ("https://edge.sandboxapi.kelviq.com", "sandbox"),
    ] {
        assert_rejected(&[KEY, PRODUCTION, ("KELVIQ_BASE_URL", url)], text);
    }
    for url in [
        "https://api.kelviq.com/api/v1",
        "https://egress.example/kelviq",
    ] {
        assert!(
            kelviq(&[KEY, PRODUCTION, ("KELVIQ_BASE_URL", url)]).is_ok(),
            "{url}"
        );
    }
    let sandbox = ("KELVIQ_BASE_URL", "https://sandboxapi.kelviq.com");
    assert!(kelviq(&[KEY, sandbox]).is_ok());
}

#[test]
fn a_base_url_is_one_line() {
    for url in [
        "https://k.exam\nple",
        "https://k.example\nKELVIQ_ENV=production",
        "https://k.example/KELVIQ_ENV=production",
        "https://<host>/",
        "https://…",
    ] {
        assert_rejected(&[KEY, ("KELVIQ_BASE_URL", url)], "KELVIQ_BASE_URL");
    }
}

#[test]
fn the_target_is_the_environment_and_the_host() {
    for (variables, environment, target) in [
        (
            vec![KEY],
            Environment::Sandbox,
            "sandbox at sandboxapi.kelviq.com",
        ),
        (
            vec![KEY, ("KELVIQ_ENV", " PROD ")],
            Environment::Production,
            "production at api.kelviq.com",
        ),
        (
            vec![KEY, ("KELVIQ_BASE_URL", "http://127.0.0.1:4010")],
            Environment::Sandbox,
            "sandbox at 127.0.0.1:4010",
        ),
    ] {
        let kelviq = kelviq(&variables).unwrap();
        assert_eq!(kelviq.environment(), environment);
        assert_eq!(kelviq.target(), target);
    }
}

#[test]
fn names_below_localhost_are_loopback() {
    for host in [
        "localhost",
        "fake.localhost",
        "a.b.localhost",
        "localhost.",
        "Fake.LOCALHOST",
    ] {
        let url = format!("http://{host}:4010");
        let kelviq = kelviq(&[KEY, ("KELVIQ_BASE_URL", &url)]).unwrap();
        assert!(kelviq.is_loopback(), "{host}");
        assert_eq!(kelviq.insecure_host(), None);
    }
    for host in [
        "localhost.example",
        "notlocalhost",
        "localhost.evil.example",
        "fake-kelviq",
    ] {
        assert_rejected(
            &[KEY, ("KELVIQ_BASE_URL", &format!("http://{host}"))],
            "https",
        );
    }
}

#[tokio::test]
async fn a_name_below_localhost_is_not_looked_up() {
    let upstream = Upstream::responding([created()]).await;
    let url = upstream.url.replace("127.0.0.1", "fake-kelviq.localhost");
    let kelviq = kelviq(&[KEY, ("KELVIQ_BASE_URL", &url)]).unwrap();
    assert!(kelviq.create_checkout_session(&request()).await.is_ok());
}

#[tokio::test]
async fn a_fake_in_another_container_can_be_allowed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let _upstream = Upstream::on(listener, [created()]);
    let builder = || {
        Kelviq::builder("server-test")
            .base_url(format!("http://fake-kelviq:{}", address.port()))
            .http_client(reqwest::Client::builder().resolve("fake-kelviq", address))
    };
    let error = builder().build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let production = builder()
        .environment(Environment::Production)
        .allow_insecure_base_url(true);
    assert_eq!(
        production.build().unwrap_err().kind(),
        ErrorKind::Configuration
    );

    let kelviq = builder().allow_insecure_base_url(true).build().unwrap();
    assert_eq!(kelviq.insecure_host(), Some("fake-kelviq"));
    assert!(!kelviq.is_loopback());
    assert!(kelviq.create_checkout_session(&request()).await.is_ok());
}

const EDGE: &str = "KELVIQ_EDGE_BASE_URL";

#[test]
fn each_environment_has_its_own_server_for_entitlements() {
    let sandbox = "https://edge.sandboxapi.kelviq.com/api/v1";
    let production = "https://edge.api.kelviq.com/api/v1";
    let base_url = |url| ("KELVIQ_BASE_URL", url);
    for (variables, edge) in [
        (vec![KEY], sandbox),
        (vec![KEY, (EDGE, "")], sandbox),
        (vec![KEY, PRODUCTION], production),
        // The base URL of an environment, given explicitly.
        (
            vec![KEY, base_url("https://sandboxapi.kelviq.com/api/v1/")],
            sandbox,
        ),
        (
            vec![KEY, PRODUCTION, base_url("https://api.kelviq.com")],
            production,
        ),
        // Another server has the entitlements too.
        (
            vec![KEY, base_url("http://127.0.0.1:4010")],
            "http://127.0.0.1:4010/api/v1",
        ),
        (
            vec![KEY, PRODUCTION, base_url("https://egress.example/x/")],
            "https://egress.example/x",
        ),
        (
            vec![KEY, (EDGE, "https://egress.example/edge/")],
            "https://egress.example/edge",
        ),
        (
            vec![
                KEY,
                base_url("http://127.0.0.1:1"),
                (EDGE, "http://[::1]:2"),
            ],
            "http://[::1]:2/api/v1",
        ),
    ] {
        let kelviq = kelviq(&variables).unwrap();
        assert_eq!(kelviq.edge_base_url(), edge, "{variables:?}");
    }
    assert_eq!(Environment::Sandbox.edge_base_url(), sandbox);
    assert_eq!(Environment::Production.edge_base_url(), production);
}

#[test]
fn the_core_base_url_alone_decides_what_the_client_reports() {
    let builder = || Kelviq::builder("server-test").allow_insecure_base_url(true);
    let kelviq = builder()
        .base_url("http://127.0.0.1:1")
        .edge_base_url("http://fake-edge:2")
        .build()
        .unwrap();
    assert!(kelviq.is_loopback());
    assert_eq!(kelviq.insecure_host(), None);
    assert_eq!(kelviq.target(), "sandbox at 127.0.0.1:1");
    assert_eq!(kelviq.base_url(), "http://127.0.0.1:1/api/v1");
    assert_eq!(kelviq.edge_base_url(), "http://fake-edge:2/api/v1");
}

#[test]
fn the_base_url_of_the_entitlements_has_the_same_rules() {
    for url in [
        "http://edge.example",
        "edge.example",
        "https://u:secret@edge.example",
        "https://edge.example?x",
        "https://your_host/",
        "https://edge.example\nKELVIQ_ENV=production",
        "ftp://edge.example",
    ] {
        assert_rejected(&[KEY, (EDGE, url)], "(KELVIQ_EDGE_BASE_URL)");
    }
    for url in [
        "https://edge.sandboxapi.kelviq.com",
        "https://sandboxapi.kelviq.com/api/v1",
    ] {
        assert_rejected(
            &[KEY, PRODUCTION, (EDGE, url)],
            "(KELVIQ_EDGE_BASE_URL) is the sandbox's",
        );
    }
    assert!(
        kelviq(&[
            KEY,
            PRODUCTION,
            (EDGE, "https://edge.api.kelviq.com/api/v1")
        ])
        .is_ok()
    );
}

#[test]
fn a_fake_cannot_be_combined_with_kelviq() {
    for (base_url, edge) in [
        ("http://127.0.0.1:4010", "https://egress.example"),
        ("https://egress.example", "http://127.0.0.1:4010"),
        ("", "http://localhost:4010"),
    ] {
        assert_rejected(
            &[KEY, ("KELVIQ_BASE_URL", base_url), (EDGE, edge)],
            "KELVIQ_BASE_URL and KELVIQ_EDGE_BASE_URL",
        );
    }
}

#[tokio::test]
async fn a_name_below_localhost_is_not_looked_up_for_entitlements_either() {
    let body = r#"{"entitlements":[]}"#;
    let upstream = Upstream::responding([crate::support::upstream::ok(body)]).await;
    let url = upstream.url.replace("127.0.0.1", "fake-edge.localhost");
    let kelviq = kelviq(&[KEY, ("KELVIQ_BASE_URL", "http://127.0.0.1:1"), (EDGE, &url)]).unwrap();
    assert!(kelviq.entitlements("cust_789").await.is_ok());
}
