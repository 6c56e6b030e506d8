//! Reading the configuration from environment variables.

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
        Payments::Fake => panic!("payments would go to the fake"),
    }
}

#[track_caller]
fn assert_rejected(vars: &[(&str, &str)], reason: &str) {
    let error = config(vars).unwrap_err();
    assert!(error.contains(reason), "{vars:?}: {error}");
    assert!(!error.contains("server-test"), "{error}");
}

const KEY: (&str, &str) = ("KELVIQ_API_KEY", "server-test");
const SECRET: (&str, &str) = ("KELVIQ_WEBHOOK_SECRET", "kq_whsec_test");
const PUBLIC_URL: (&str, &str) = ("PUBLIC_URL", "https://shop.example");

#[test]
fn without_variables_payments_go_to_the_fake() {
    for vars in [
        &[][..],
        &[("PORT", "")],
        &[("PATH", "/bin"), ("HOME", "/root")],
    ] {
        let config = config(vars).unwrap();
        assert!(matches!(config.payments, Payments::Fake));
        assert_eq!(config.port, 3000);
    }
}

#[test]
fn any_variable_makes_the_key_required() {
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
        assert_rejected(&[var], "KELVIQ_API_KEY is not set");
        assert_rejected(&[var], &format!("unset {}", var.0));
    }
}

/// An empty variable can mean that a secret store lost the value.
#[test]
fn empty_variables_are_rejected() {
    for name in [
        "KELVIQ_API_KEY",
        "KELVIQ_SERVER_API_KEY",
        "KELVIQ_WEBHOOK_SECRET",
        "KELVIQ_BASE_URL",
        "PUBLIC_URL",
    ] {
        for value in ["", " \n"] {
            let reason = format!("{name} is set, but empty");
            assert_rejected(&[(name, value)], &reason);
            assert_rejected(&[(name, value)], &format!("unset {name}"));
            let others = [KEY, SECRET, PUBLIC_URL];
            let mut vars: Vec<_> = others.into_iter().filter(|var| var.0 != name).collect();
            vars.push((name, value));
            assert_rejected(&vars, &reason);
        }
    }
}

#[test]
fn the_key_makes_the_secret_required() {
    assert_rejected(&[KEY], "KELVIQ_WEBHOOK_SECRET is not set");
}

#[test]
fn key_and_secret_are_enough() {
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
fn the_site_root_is_the_one_that_cargo_leptos_sets() {
    let root = |value: &str| config(&[("LEPTOS_SITE_ROOT", value)]).unwrap().site_root;
    assert_eq!(root("some/folder").to_str(), Some("some/folder"));
    for default in [root(""), config(&[]).unwrap().site_root] {
        assert!(default.ends_with("target/site/storefront"));
    }
}

#[test]
fn production_makes_the_public_url_required() {
    for value in ["production", "prod", " PROD "] {
        let env = ("KELVIQ_ENV", value);
        assert_rejected(&[KEY, SECRET, env], "PUBLIC_URL is not set");
        let (shop, environment) = kelviq(&[KEY, SECRET, env, PUBLIC_URL]);
        assert_eq!(environment, Environment::Production);
        assert_eq!(shop.kelviq().base_url(), "https://api.kelviq.com/api/v1");
    }
}

#[test]
fn invalid_public_urls_are_rejected() {
    for (url, reason) in [
        ("shop.example", "PUBLIC_URL"),
        ("https://shop.example/path", "PUBLIC_URL has a path"),
        ("https://shop.example/path/", "PUBLIC_URL has a path"),
        ("http://shop.example", "PUBLIC_URL is http"),
        ("http://127.0.0.1.example", "PUBLIC_URL is http"),
    ] {
        assert_rejected(&[KEY, SECRET, ("PUBLIC_URL", url)], reason);
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
        assert_rejected(vars, name);
    }
}

#[test]
fn the_database_is_a_file_unless_its_url_says_otherwise() {
    let database = |vars: &[(&str, &str)]| config(vars).unwrap().database_url.to_string();
    // Test orders never get into the database of a real shop.
    let (test, real) = (database(&[]), database(&[KEY, SECRET]));
    assert!(test.ends_with("/target/storefront-test.db)"), "{test}");
    assert!(real.ends_with("/target/storefront.db)"), "{real}");
    for (url, shown) in [
        ("sqlite:shop.db", "SQLite (shop.db)"),
        ("sqlite://shop.db", "SQLite (shop.db)"),
        ("sqlite:///var/shop.db", "SQLite (/var/shop.db)"),
        (
            "postgres://db.example/shop",
            "PostgreSQL (db.example:5432/shop)",
        ),
        (
            "postgresql://shop:hunter2@db.example:5433/shop?sslmode=require",
            "PostgreSQL (db.example:5433/shop)",
        ),
    ] {
        assert_eq!(database(&[("DATABASE_URL", url)]), shown);
        let config = config(&[("DATABASE_URL", url)]).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }
    assert_eq!(database(&[("DATABASE_URL", " ")]), test);
}

#[test]
fn invalid_database_urls_are_rejected_without_their_password() {
    for (url, reason) in [
        (
            "mysql://shop:hunter2@db.example/shop",
            "DATABASE_URL has an unsupported scheme",
        ),
        ("shop.db", "DATABASE_URL has an unsupported scheme"),
        ("hunter2", "DATABASE_URL has an unsupported scheme"),
        ("sqlite:", "DATABASE_URL is invalid"),
        ("sqlite::memory:", "DATABASE_URL is invalid"),
        ("sqlite:shop.db?mode=rwc", "DATABASE_URL is invalid"),
        (
            "postgres://shop:hunter2@db.example:x/shop",
            "DATABASE_URL is invalid",
        ),
        (
            "postgres://shop:hunter2@db.example/shop?sslmode=maybe",
            "DATABASE_URL is invalid",
        ),
    ] {
        let error = config(&[("DATABASE_URL", url)]).unwrap_err();
        assert!(error.contains(reason), "{url}: {error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
