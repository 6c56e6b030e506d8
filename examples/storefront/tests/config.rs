//! Which variables make a real shop, and which are missing.

#![expect(clippy::unwrap_used, reason = "a test may fail in its helpers")]

use kelviq_axum::Shop;
use kelviq_core::Environment;
use storefront::{Config, Payments};

fn config(vars: &[(&str, &str)]) -> Result<Config, String> {
    let vars = vars
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_vars(vars).map_err(|error| error.to_string())
}

#[track_caller]
fn kelviq(vars: &[(&str, &str)]) -> (Shop, Environment) {
    match config(vars).unwrap().payments {
        Payments::Kelviq {
            shop, environment, ..
        } => (shop, environment),
        Payments::StandIn => panic!("the stand-in took over a real shop"),
    }
}

#[track_caller]
fn assert_refused(vars: &[(&str, &str)], reason: &str) {
    let error = config(vars).unwrap_err();
    assert!(error.contains(reason), "{vars:?}: {error}");
    assert!(!error.contains("server-test"), "{error}");
}

const KEY: (&str, &str) = ("KELVIQ_API_KEY", "server-test");
const SECRET: (&str, &str) = ("KELVIQ_WEBHOOK_SECRET", "kq_whsec_test");
const PUBLIC_URL: (&str, &str) = ("PUBLIC_URL", "https://shop.example");

#[test]
fn nothing_set_means_the_stand_in() {
    for vars in [
        &[][..],
        &[("PORT", "")],
        &[("PATH", "/bin"), ("HOME", "/root")],
    ] {
        let config = config(vars).unwrap();
        assert!(matches!(config.payments, Payments::StandIn));
        assert_eq!(config.port, 3000);
    }
}

#[test]
fn one_variable_is_enough_to_need_the_key() {
    for var in [
        SECRET,
        PUBLIC_URL,
        ("KELVIQ_ENV", "production"),
        ("KELVIQ_ENV", ""),
        ("KELVIQ_ENV", " "),
        ("KELVIQ_BASE_URL", "http://127.0.0.1:4010"),
        ("KELVIQ_API_KY", "server-test"),
        ("KELVIQ_API_KY", ""),
    ] {
        assert_refused(&[var], "KELVIQ_API_KEY is not set");
        assert_refused(&[var], &format!("unset {}", var.0));
    }
}

/// A secret store that lost a value leaves an empty variable behind.
#[test]
fn an_empty_variable_is_a_lost_one() {
    for name in [
        "KELVIQ_API_KEY",
        "KELVIQ_WEBHOOK_SECRET",
        "KELVIQ_BASE_URL",
        "PUBLIC_URL",
    ] {
        for value in ["", " \n"] {
            let reason = format!("{name} is set, but empty");
            assert_refused(&[(name, value)], &reason);
            assert_refused(&[(name, value)], &format!("unset {name}"));
            let others = [KEY, SECRET, PUBLIC_URL];
            let mut vars: Vec<_> = others.into_iter().filter(|var| var.0 != name).collect();
            vars.push((name, value));
            assert_refused(&vars, &reason);
        }
    }
}

#[test]
fn the_key_needs_the_secret() {
    assert_refused(&[KEY], "KELVIQ_WEBHOOK_SECRET is not set");
}

#[test]
fn key_and_secret_sell() {
    let vars = [KEY, SECRET, PUBLIC_URL, ("PORT", " 8080 ")];
    assert_eq!(config(&vars).unwrap().port, 8080);
    let (shop, environment) = kelviq(&vars);
    assert_eq!(environment, Environment::Sandbox);
    assert_eq!(shop.public_url(), Some("https://shop.example/"));
    assert_eq!(
        shop.kelviq().base_url(),
        "https://sandboxapi.kelviq.com/api/v1"
    );

    let base_url = ("KELVIQ_BASE_URL", "http://127.0.0.1:4010");
    let (shop, _) = kelviq(&[KEY, SECRET, base_url]);
    assert_eq!(shop.public_url(), None);
    assert_eq!(shop.kelviq().base_url(), "http://127.0.0.1:4010/api/v1");
}

#[test]
fn an_empty_environment_is_the_sandbox() {
    for value in ["", " "] {
        let (_, environment) = kelviq(&[KEY, SECRET, ("KELVIQ_ENV", value)]);
        assert_eq!(environment, Environment::Sandbox);
    }
}

#[test]
fn what_browsers_load_is_where_cargo_leptos_says() {
    let root = |value: &str| config(&[("LEPTOS_SITE_ROOT", value)]).unwrap().site_root;
    assert_eq!(root("some/folder").to_str(), Some("some/folder"));
    for otherwise in [root(""), config(&[]).unwrap().site_root] {
        assert!(otherwise.ends_with("target/site/storefront"));
    }
}

#[test]
fn production_needs_an_address() {
    for value in ["production", "prod", " PROD "] {
        let env = ("KELVIQ_ENV", value);
        assert_refused(&[KEY, SECRET, env], "PUBLIC_URL is not set");
        let (shop, environment) = kelviq(&[KEY, SECRET, env, PUBLIC_URL]);
        assert_eq!(environment, Environment::Production);
        assert_eq!(shop.kelviq().base_url(), "https://api.kelviq.com/api/v1");
    }
}

#[test]
fn the_address_must_be_one_that_the_shop_can_be_reached_at() {
    for (url, reason) in [
        ("shop.example", "PUBLIC_URL"),
        ("https://shop.example/path", "PUBLIC_URL has a path"),
        ("https://shop.example/path/", "PUBLIC_URL has a path"),
        ("http://shop.example", "PUBLIC_URL is http"),
        ("http://127.0.0.1.example", "PUBLIC_URL is http"),
    ] {
        assert_refused(&[KEY, SECRET, ("PUBLIC_URL", url)], reason);
    }
    for url in [
        "https://shop.example/",
        "https://shop.example:8443",
        "http://localhost:3000",
        "http://127.0.0.1:3000/",
        "http://[::1]:3000",
    ] {
        kelviq(&[KEY, SECRET, ("PUBLIC_URL", url)]);
    }
}

#[test]
fn malformed_variables_are_named() {
    for (vars, name) in [
        (&[("PORT", "abc")][..], "PORT"),
        (&[("PORT", "65536")], "PORT"),
        (&[("PORT", "-1")], "PORT"),
        (&[("KELVIQ_API_KEY", "client-x"), SECRET], "KELVIQ_API_KEY"),
        (&[KEY, SECRET, ("KELVIQ_ENV", "staging")], "KELVIQ_ENV"),
        (
            &[KEY, SECRET, ("KELVIQ_BASE_URL", "http://example.com")],
            "KELVIQ_BASE_URL",
        ),
        (
            &[KEY, ("KELVIQ_WEBHOOK_SECRET", "kq whsec")],
            "KELVIQ_WEBHOOK_SECRET",
        ),
    ] {
        assert_refused(vars, name);
    }
}
