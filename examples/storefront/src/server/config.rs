//! The settings, from environment variables.

use std::{
    collections::BTreeMap,
    error::Error,
    path::{Path, PathBuf},
};

use kelviq_axum::Shop;
use kelviq_core::{Environment, Kelviq, KelviqBuilder, WebhookSecret};
use url::Url;

/// The settings.
#[derive(Debug)]
pub struct Config {
    /// `PORT`: where to listen on 127.0.0.1. 3000 by default, 0 for any free port.
    pub port: u16,
    /// `LEPTOS_SITE_ROOT`: the folder with what browsers load, if that has been built. cargo-leptos sets it.
    pub site_root: PathBuf,
    /// Who takes the payments.
    pub payments: Payments,
}

/// Who takes the payments.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is only one of it")]
pub enum Payments {
    /// A local stand-in for Kelviq. No money moves.
    StandIn,
    /// Kelviq.
    Kelviq {
        /// From `KELVIQ_API_KEY`, `KELVIQ_ENV` and `KELVIQ_BASE_URL`, at `PUBLIC_URL`; without that, at whichever
        /// loopback address a visitor used.
        shop: Shop,
        /// `KELVIQ_ENV`.
        environment: Environment,
        /// `KELVIQ_WEBHOOK_SECRET`.
        webhook_secret: WebhookSecret,
    },
}

type Vars = BTreeMap<String, String>;

impl Config {
    /// Reads the settings from variables, such as those of the environment.
    ///
    /// # Errors
    ///
    /// When a variable is missing or malformed; the error names it. One `KELVIQ_…` variable or `PUBLIC_URL` is enough
    /// to mean a real shop, an empty one too: a value that got lost must never give it a free Pay button.
    pub fn from_vars(
        vars: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Box<dyn Error>> {
        let vars: Vars = vars.into_iter().collect();
        let real: Vec<_> = vars
            .keys()
            .map(String::as_str)
            .filter(|name| name.starts_with("KELVIQ_") || *name == Shop::PUBLIC_URL_ENV)
            .collect();
        let payments = if real.is_empty() {
            Payments::StandIn
        } else {
            kelviq(&vars).map_err(|error| {
                let real = real.join(", ");
                format!("{error}\n(To try the shop without a Kelviq account, unset {real}.)")
            })?
        };
        Ok(Self {
            port: port(&vars)?,
            site_root: site_root(&vars),
            payments,
        })
    }
}

fn port(vars: &Vars) -> Result<u16, String> {
    match vars.get("PORT").map_or("", |port| port.trim()) {
        "" => Ok(3000),
        port => port
            .parse()
            .map_err(|_| format!("PORT is {port:?}; expected a number from 0 to 65535")),
    }
}

/// Where cargo-leptos says, or else where `cargo leptos build` and `.ci/build-wasm` put it in this workspace.
fn site_root(vars: &Vars) -> PathBuf {
    let given = vars.get("LEPTOS_SITE_ROOT");
    if let Some(root) = given.filter(|root| !root.is_empty()) {
        return root.into();
    }
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    let workspace = workspace.unwrap_or(Path::new(""));
    workspace.join("target/site/storefront")
}

fn kelviq(vars: &Vars) -> Result<Payments, Box<dyn Error>> {
    let get = |name: &str| vars.get(name).cloned();
    // KELVIQ_ENV is not among them: Kelviq's own tools agree that an empty one means sandbox.
    for name in [
        KelviqBuilder::API_KEY_ENV,
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
                "KELVIQ_ENV is production, but PUBLIC_URL is not set: buyers could not come back. \
                        It takes the shop's own address, such as https://shop.example"
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
            "PUBLIC_URL has a path, but the pages of this shop link to each other from the root; \
                    it takes an address such as https://shop.example"
                .into(),
        );
    }
    let on_loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() == "http" && !on_loopback {
        return Err(
            "PUBLIC_URL is http, so that others could read what buyers send; \
                    it must be https, but for localhost"
                .into(),
        );
    }
    Ok(shop)
}
