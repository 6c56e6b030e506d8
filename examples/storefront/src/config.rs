//! The settings, from environment variables.

use std::{collections::BTreeMap, error::Error};

use kelviq_axum::Shop;
use kelviq_core::{Kelviq, WebhookSecret};

/// The settings.
#[derive(Debug)]
pub struct Config {
    /// `PORT`: where to listen on 127.0.0.1. 3000 by default, 0 for any free port.
    pub port: u16,
    /// `PUBLIC_URL`: the address that visitors use. Without it, whichever loopback address they used.
    pub public_url: Option<String>,
    /// Who takes the payments.
    pub payments: Payments,
}

/// Who takes the payments.
#[derive(Debug)]
pub enum Payments {
    /// A local stand-in for Kelviq. No money moves.
    StandIn,
    /// Kelviq.
    Kelviq {
        /// From `KELVIQ_API_KEY`, `KELVIQ_ENV` and `KELVIQ_BASE_URL`.
        kelviq: Kelviq,
        /// `KELVIQ_WEBHOOK_SECRET`.
        webhook_secret: WebhookSecret,
    },
}

impl Config {
    /// Reads the settings from variables, such as those of the environment. Empty ones count as unset.
    ///
    /// # Errors
    ///
    /// When a variable is missing or malformed; the error names it. One `KELVIQ_…` variable or `PUBLIC_URL` is enough
    /// to mean a real shop: a variable that got lost must never give it a free Pay button.
    pub fn from_vars(
        vars: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Box<dyn Error>> {
        let vars: BTreeMap<_, _> = vars
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let get = |name: &str| vars.get(name).cloned();

        let port = get("PORT").unwrap_or_else(|| "3000".into());
        let port = port
            .trim()
            .parse()
            .map_err(|_| format!("PORT is {port:?}; expected a number from 0 to 65535"))?;

        let real: Vec<_> = vars
            .keys()
            .map(String::as_str)
            .filter(|name| name.starts_with("KELVIQ_") || *name == Shop::PUBLIC_URL_ENV)
            .collect();
        let payments = if real.is_empty() {
            Payments::StandIn
        } else {
            kelviq(get).map_err(|error| {
                let real = real.join(", ");
                format!("{error}\n(To try the shop without a Kelviq account, unset {real}.)")
            })?
        };
        Ok(Self {
            port,
            public_url: get(Shop::PUBLIC_URL_ENV),
            payments,
        })
    }

    /// Whether visitors come over https.
    pub fn is_https(&self) -> bool {
        let scheme = self
            .public_url
            .as_deref()
            .and_then(|url| url.split_once(':'));
        scheme.is_some_and(|(scheme, _)| scheme.trim().eq_ignore_ascii_case("https"))
    }
}

fn kelviq(get: impl Fn(&str) -> Option<String>) -> Result<Payments, Box<dyn Error>> {
    let secret = get(WebhookSecret::ENV);
    Ok(Payments::Kelviq {
        kelviq: Kelviq::builder_from(get)?.build()?,
        webhook_secret: WebhookSecret::new(secret.ok_or(
            "KELVIQ_WEBHOOK_SECRET is not set; it takes the signing secret (kq_whsec_…) of the webhook endpoint",
        )?)?,
    })
}
