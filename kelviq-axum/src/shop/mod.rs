//! The shop: who sells, and where it is reached.

mod address;
mod client_ip;
mod recent_sessions;
mod redirect_target;

use std::{net::IpAddr, sync::Arc};

use axum::http::{HeaderName, request::Parts};
use kelviq_core::{Environment, Kelviq};
use url::{Host, Url};

pub(crate) use self::address::join;
use self::{address::Address, recent_sessions::RecentSessions};
use crate::{CheckoutProblem, ConfigError};

/// The client, the application's public address, and the hosts that buyers may be sent to. Cloning is cheap.
///
/// Put it into the router's state, and give it to [`Checkout`](crate::Checkout) through
/// [`FromRef`](axum::extract::FromRef).
///
/// ```
/// use axum::{Router, extract::FromRef, routing::post};
/// use kelviq_axum::{ConfigError, Shop};
/// # use kelviq_axum::{Checkout, CheckoutRedirect, CheckoutRejection, kelviq_core::ChargePeriod};
/// # async fn buy(checkout: Checkout) -> Result<CheckoutRedirect, CheckoutRejection> {
/// #     checkout.plan("pro", ChargePeriod::Monthly).redirect().await
/// # }
///
/// #[derive(Clone, FromRef)]
/// struct App {
///     shop: Shop,
/// }
///
/// fn app() -> Result<Router, ConfigError> {
///     let shop = Shop::from_env()?;
///     Ok(Router::new().route("/buy", post(buy)).with_state(App { shop }))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Shop {
    kelviq: Kelviq,
    address: Address,
    redirect_hosts: Arc<[String]>,
    client_ip_header: Option<HeaderName>,
    sessions: RecentSessions,
}

impl Shop {
    /// The environment variable of the public address that [`from_env`](Self::from_env) reads.
    pub const PUBLIC_URL_ENV: &str = "PUBLIC_URL";

    /// A shop at a public address, e.g. `https://app.example.com`. Success and cancel paths are joined to it.
    ///
    /// The address is never taken from a request: whoever sends one could choose where a buyer comes back to.
    ///
    /// # Errors
    ///
    /// When the address is not an absolute http or https URL, or holds credentials, a query or a fragment.
    pub fn new(kelviq: Kelviq, public_url: &str) -> Result<Self, ConfigError> {
        Ok(Self::at(kelviq, Address::public(public_url)?))
    }

    /// A shop in development: its address is the one that the buyer used, as long as that is on loopback (`localhost`,
    /// `127.0.0.1`, `[::1]`) and the request came there directly. All others are refused: those through a proxy too, and,
    /// where the server provides the peer's address, those into a container. [`new`](Self::new) with
    /// `http://localhost:3000` serves them.
    pub fn on_loopback(kelviq: Kelviq) -> Self {
        Self::at(kelviq, Address::Loopback)
    }

    /// A shop from the variables of [`Kelviq::from_env`] and `PUBLIC_URL`; without `PUBLIC_URL` it is
    /// [on loopback](Self::on_loopback).
    ///
    /// # Errors
    ///
    /// When a variable is missing or malformed; the error names it.
    pub fn from_env() -> Result<Self, ConfigError> {
        let kelviq = Kelviq::from_env()?;
        match std::env::var_os(Self::PUBLIC_URL_ENV).filter(|url| !url.is_empty()) {
            None if kelviq.base_url() == Environment::Production.base_url() => {
                Err(ConfigError::new(
                    "PUBLIC_URL is not set; with real money it must say where buyers come back to",
                ))
            }
            None => Ok(Self::on_loopback(kelviq)),
            Some(url) => match url.to_str() {
                Some(url) => Self::new(kelviq, url),
                None => Err(ConfigError::new("PUBLIC_URL is not Unicode")),
            },
        }
    }

    /// Lets buyers be sent to a checkout page on this very host too, over https. `kelviq.com` and its subdomains are
    /// allowed from the start, and so is loopback when the client asks a stand-in there.
    ///
    /// # Errors
    ///
    /// When it is not the name of a host alone, such as `pay.example.com`.
    pub fn allow_redirects_to(mut self, host: &str) -> Result<Self, ConfigError> {
        match Host::parse(host) {
            Ok(Host::Domain(name)) if name == host.to_ascii_lowercase() => {
                self.redirect_hosts = self.redirect_hosts.iter().cloned().chain([name]).collect();
                Ok(self)
            }
            _ => Err(ConfigError::new(format!(
                "{host:?} is not the name of a host alone, such as \"pay.example.com\""
            ))),
        }
    }

    /// Takes the buyer's address from this header, which the proxy next to the application sets: the last entry counts.
    ///
    /// Only for an application that can be reached through that proxy alone. Kelviq sets prices by location, so whoever
    /// can write the header chooses the price. Without a trusted header the peer's address counts, if the server
    /// provides it (`into_make_service_with_connect_info::<SocketAddr>()`). Private addresses are never sent.
    ///
    /// ```
    /// # use kelviq_axum::{Shop, kelviq_core::Kelviq};
    /// use axum::http::HeaderName;
    ///
    /// # fn shop(kelviq: Kelviq) -> Result<Shop, kelviq_axum::ConfigError> {
    /// let shop = Shop::new(kelviq, "https://app.example.com")?
    ///     .trust_client_ip_header(HeaderName::from_static("cf-connecting-ip"));
    /// # Ok(shop)
    /// # }
    /// ```
    #[must_use]
    pub fn trust_client_ip_header(mut self, header: HeaderName) -> Self {
        self.client_ip_header = Some(header);
        self
    }

    /// The sources that a page's `Content-Security-Policy` needs in `form-action`, beside `'self'`: it holds for the
    /// redirect that answers a form, too.
    ///
    /// ```
    /// # use axum::{http::header::CONTENT_SECURITY_POLICY, response::{Html, IntoResponse}};
    /// # use kelviq_axum::Shop;
    /// fn pricing_page(shop: &Shop, page: String) -> impl IntoResponse + use<> {
    ///     let policy = format!("default-src 'self'; form-action 'self' {}", shop.form_action_sources());
    ///     ([(CONTENT_SECURITY_POLICY, policy)], Html(page))
    /// }
    /// ```
    pub fn form_action_sources(&self) -> String {
        let mut sources = vec![
            "https://kelviq.com".to_owned(),
            "https://*.kelviq.com".to_owned(),
        ];
        sources.extend(
            self.redirect_hosts
                .iter()
                .map(|host| format!("https://{host}")),
        );
        if self.kelviq.is_loopback() {
            let hosts = ["127.0.0.1", "localhost"];
            sources.extend(hosts.map(|host| format!("http://{host}:*")));
        }
        sources.join(" ")
    }

    /// The public address; `None` for a shop [on loopback](Self::on_loopback).
    pub fn public_url(&self) -> Option<&str> {
        self.address.public_url()
    }

    /// The client.
    pub fn kelviq(&self) -> &Kelviq {
        &self.kelviq
    }

    /// The address that this request's success and cancel paths are joined to; it ends with a slash.
    pub(crate) fn base(&self, parts: &Parts) -> Result<Url, CheckoutProblem> {
        self.address.base(parts)
    }

    /// The buyer's public address, if it is known.
    pub(crate) fn client_ip(&self, parts: &Parts) -> Option<IpAddr> {
        client_ip::client_ip(parts, self.client_ip_header.as_ref())
    }

    /// The sessions that were created here lately.
    pub(crate) fn sessions(&self) -> &RecentSessions {
        &self.sessions
    }

    /// An address for checking paths before there is a request.
    pub(crate) fn sample_base(&self) -> Result<Url, ConfigError> {
        self.address.sample()
    }

    /// The checkout URL as it may go into a header, or what is wrong with it.
    pub(crate) fn redirect_target(&self, checkout_url: &str) -> Result<Url, String> {
        redirect_target::check(
            checkout_url,
            &self.redirect_hosts,
            self.kelviq.is_loopback(),
        )
    }

    fn at(kelviq: Kelviq, address: Address) -> Self {
        Self {
            kelviq,
            address,
            redirect_hosts: Arc::new([]),
            client_ip_header: None,
            sessions: RecentSessions::default(),
        }
    }
}
