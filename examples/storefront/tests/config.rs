//! Which variables make a real shop, and which are missing.

use storefront::{Config, Payments};

fn config(vars: &[(&str, &str)]) -> Result<Config, String> {
    let vars = vars
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_vars(vars).map_err(|error| error.to_string())
}

const KEY: (&str, &str) = ("KELVIQ_API_KEY", "server-test");
const SECRET: (&str, &str) = ("KELVIQ_WEBHOOK_SECRET", "kq_whsec_test");

#[test]
fn nothing_set_means_the_stand_in() {
    for vars in [
        &[][..],
        &[
            ("PORT", ""),
            ("KELVIQ_API_KEY", ""),
            ("KELVIQ_ENV", ""),
            ("PUBLIC_URL", ""),
        ],
        &[("PATH", "/bin"), ("HOME", "/root")],
    ] {
        let config = config(vars).unwrap();
        assert!(matches!(config.payments, Payments::StandIn));
        assert_eq!((config.port, config.public_url), (3000, None));
    }
}

#[test]
fn one_variable_is_enough_to_need_the_key() {
    for var in [
        SECRET,
        ("KELVIQ_ENV", "production"),
        ("KELVIQ_BASE_URL", "http://127.0.0.1:4010"),
        ("PUBLIC_URL", "https://shop.example"),
        ("KELVIQ_API_KY", "server-test"),
        ("KELVIQ_ENV", " "),
    ] {
        for vars in [&[var][..], &[var, ("KELVIQ_API_KEY", "")]] {
            let error = config(vars).unwrap_err();
            assert!(error.contains("KELVIQ_API_KEY is not set"), "{error}");
            assert!(error.contains(&format!("unset {}", var.0)), "{error}");
        }
    }
}

#[test]
fn the_key_needs_the_secret() {
    let error = config(&[KEY]).unwrap_err();
    assert!(
        error.contains("KELVIQ_WEBHOOK_SECRET is not set"),
        "{error}"
    );
    assert!(!error.contains("server-test"), "{error}");
}

#[test]
fn key_and_secret_sell() {
    let real = config(&[
        KEY,
        SECRET,
        ("PUBLIC_URL", "https://shop.example"),
        ("PORT", "8080"),
    ])
    .unwrap();
    assert_eq!(real.port, 8080);
    assert!(real.is_https());
    let Payments::Kelviq { kelviq, .. } = real.payments else {
        panic!("the stand-in took over a real shop");
    };
    assert_eq!(kelviq.base_url(), "https://sandboxapi.kelviq.com/api/v1");

    let local = config(&[KEY, SECRET, ("KELVIQ_BASE_URL", "http://127.0.0.1:4010")]).unwrap();
    assert!(!local.is_https());
    let Payments::Kelviq { kelviq, .. } = local.payments else {
        panic!("the stand-in took over a real shop");
    };
    assert_eq!(kelviq.base_url(), "http://127.0.0.1:4010/api/v1");
}

#[test]
fn malformed_variables_are_named() {
    for (vars, name) in [
        (&[("PORT", "abc")][..], "PORT"),
        (&[("PORT", "65536")], "PORT"),
        (&[("PORT", "-1")], "PORT"),
        (&[("KELVIQ_API_KEY", " "), SECRET], "KELVIQ_API_KEY"),
        (&[("KELVIQ_API_KEY", "client-x"), SECRET], "KELVIQ_API_KEY"),
        (&[KEY, SECRET, ("KELVIQ_ENV", "staging")], "KELVIQ_ENV"),
        (
            &[KEY, SECRET, ("KELVIQ_BASE_URL", "http://example.com")],
            "KELVIQ_BASE_URL",
        ),
        (
            &[KEY, ("KELVIQ_WEBHOOK_SECRET", "kq whsec")],
            "webhook secret",
        ),
    ] {
        let error = config(vars).unwrap_err();
        assert!(error.contains(name), "{error}");
    }
}
