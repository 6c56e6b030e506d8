//! The configuration, read from environment variables.

use std::{
    collections::BTreeMap,
    error::Error,
    path::{Path, PathBuf},
};

use kelviq_axum::Shop;
use kelviq_core::{Environment, Kelviq, KelviqBuilder, WebhookSecret};
use url::Url;

use super::database_url::DatabaseUrl;

/// The configuration of the program.
#[derive(Debug)]
pub struct Config {
    /// `PORT`: the port to listen on at 127.0.0.1. Defaults to 3000; 0 means any free port.
    pub port: u16,
    /// `LEPTOS_SITE_ROOT`: the folder with the JavaScript and WebAssembly, if they have been built. Set by cargo-leptos.
    pub site_root: PathBuf,
    /// `DATABASE_URL`: `postgres://…`, or `sqlite:PATH`. Defaults to a file in the target folder, which is another one if
    /// payments go to the fake.
    pub database_url: DatabaseUrl,
    /// The payment provider.
    pub payments: Payments,
}

/// The payment provider.
#[derive(Debug)]
pub enum Payments {
    /// A local fake of Kelviq. No real payments are made.
    Fake,
    /// Kelviq.
    Kelviq {
        /// Configured by `KELVIQ_API_KEY` or `KELVIQ_SERVER_API_KEY`, `KELVIQ_ENV`, `KELVIQ_BASE_URL` and
        /// `KELVIQ_EDGE_BASE_URL`. The shop's base URL is `PUBLIC_URL`, or if that is not set, the loopback address of each request.
        shop: Shop,
        /// `KELVIQ_ENV`.
        environment: Environment,
        /// `KELVIQ_WEBHOOK_SECRET`.
        webhook_secret: WebhookSecret,
    },
}

type Vars = BTreeMap<String, String>;

impl Config {
    /// Reads the configuration from variables, usually those of the environment.
    ///
    /// # Errors
    ///
    /// Returns an error that names the variable if one is missing or invalid. If any `KELVIQ_…` variable or `PUBLIC_URL`
    /// is set, even to an empty value, Kelviq must be configured completely: a real shop must not fall back to the fake,
    /// which accepts orders without payment.
    pub fn from_vars(
        vars: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Box<dyn Error>> {
        let vars: Vars = vars.into_iter().collect();
        let kelviq_vars: Vec<_> = vars
            .keys()
            .map(String::as_str)
            .filter(|name| name.starts_with("KELVIQ_") || *name == Shop::PUBLIC_URL_ENV)
            .collect();
        let payments = if kelviq_vars.is_empty() {
            Payments::Fake
        } else {
            kelviq(&vars).map_err(|error| {
                let names = kelviq_vars.join(", ");
                format!("{error}\n(To try the shop without a Kelviq account, unset {names}.)")
            })?
        };
        Ok(Self {
            port: port(&vars)?,
            site_root: site_root(&vars),
            database_url: database_url(&vars, &payments)?,
            payments,
        })
    }
}

fn port(vars: &Vars) -> Result<u16, String> {
    match vars.get("PORT").map_or("", |port| port.trim()) {
        "" => Ok(3000),
        port => port
            .parse()
            .map_err(|_| "PORT is invalid; expected a number from 0 to 65535".to_owned()),
    }
}

/// Returns `LEPTOS_SITE_ROOT`, or the folder that `cargo leptos build` and `.ci/build-wasm` use in this workspace.
fn site_root(vars: &Vars) -> PathBuf {
    let site_root = vars.get("LEPTOS_SITE_ROOT");
    if let Some(root) = site_root.filter(|root| !root.is_empty()) {
        return root.into();
    }
    in_workspace("target/site/storefront")
}

fn database_url(vars: &Vars, payments: &Payments) -> Result<DatabaseUrl, String> {
    match vars.get("DATABASE_URL").map_or("", |url| url.trim()) {
        "" => Ok(DatabaseUrl::Sqlite(in_workspace(match payments {
            Payments::Fake => "target/storefront-test.db",
            Payments::Kelviq { .. } => "target/storefront.db",
        }))),
        url => DatabaseUrl::parse(url),
    }
}

fn in_workspace(path: &str) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    workspace.unwrap_or(Path::new("")).join(path)
}

fn kelviq(vars: &Vars) -> Result<Payments, Box<dyn Error>> {
    let get = |name: &str| vars.get(name).cloned();
    // KELVIQ_ENV may be empty: this means the sandbox, as in Kelviq's own tools.
    for name in [
        KelviqBuilder::API_KEY_ENV,
        "KELVIQ_SERVER_API_KEY",
        KelviqBuilder::BASE_URL_ENV,
        WebhookSecret::ENV,
        Shop::PUBLIC_URL_ENV,
    ] {
        if get(name).is_some_and(|value| value.trim().is_empty()) {
            return Err(format!("{name} is set, but empty").into());
        }
    }
    let kelviq = Kelviq::builder_from_lookup(get)?.build()?;
    let webhook_secret = WebhookSecret::from_lookup(get)?;
    let environment = get(Environment::ENV).unwrap_or_default().parse()?;
    let shop = match get(Shop::PUBLIC_URL_ENV) {
        Some(url) => at_public_url(kelviq, &url)?,
        None if environment == Environment::Production => {
            return Err(
                "KELVIQ_ENV is production, but PUBLIC_URL is not set: Kelviq could not redirect buyers back; \
                        set it to the shop's address, such as https://shop.example"
                    .into(),
            );
        }
        None => Shop::on_loopback(kelviq),
    };
    Ok(Payments::Kelviq {
        shop,
        environment,
        webhook_secret,
    })
}

fn at_public_url(kelviq: Kelviq, text: &str) -> Result<Shop, Box<dyn Error>> {
    let shop = Shop::new(kelviq, text)?;
    let url = Url::parse(text.trim())?;
    if url.path() != "/" {
        return Err(
            "PUBLIC_URL has a path, but this shop must be served from the root; \
                    set it to an address without a path, such as https://shop.example"
                .into(),
        );
    }
    let on_loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() == "http" && !on_loopback {
        return Err(
            "PUBLIC_URL is http, which would send buyers' data unencrypted; \
                    it must be https unless the host is localhost"
                .into(),
        );
    }
    Ok(shop)
}
