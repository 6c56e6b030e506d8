//! The shop: the Kelviq client and the settings of the application.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::http::{HeaderName, request::Parts};
use kelviq_core::{Environment, Kelviq};
use url::Url;

use crate::{
    address::{
        host_name::parse_host_name, public_address::PublicAddress, redirect_target::RedirectTargets,
    },
    checkout::single_flight::SingleFlight,
    config_error::ConfigError,
    customers::profiles::Profiles,
    entitlements::cache::EntitlementsCache,
    request::allowed_origins::AllowedOrigins,
    sessions::{handled_sessions::HandledSessions, recent_sessions::RecentSessions},
    store::store_trait::Store,
};

/// The Kelviq client, the application's public address, and the hosts that buyers may be sent to. Cloning is cheap.
///
/// [`Checkout`](crate::Checkout) and [`CheckoutReturn`](crate::CheckoutReturn) extract it from the router's state with
/// [`FromRef`](axum::extract::FromRef).
///
/// ```
/// use axum::{Router, extract::FromRef, routing::post};
/// use kelviq_axum::{ConfigError, Shop};
/// # use kelviq_axum::{Checkout, CheckoutRedirect, Rejection};
/// # use kelviq_core::ChargePeriod;
/// # async fn buy(checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
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
    inner: Arc<Inner>,
}

#[derive(Clone, Debug)]
struct Inner {
    kelviq: Kelviq,
    address: PublicAddress,
    redirect_targets: RedirectTargets,
    allowed_origins: AllowedOrigins,
    client_ip_header: Option<HeaderName>,
    missing_peer: Arc<AtomicBool>,
    sells_on_any_method: bool,
    sessions: RecentSessions,
    handled_sessions: HandledSessions,
    single_flight: SingleFlight,
    profiles: Profiles,
    entitlements: EntitlementsCache,
}

impl Shop {
    /// Name of the environment variable with the public URL, which [`from_env`](Self::from_env) reads.
    pub const PUBLIC_URL_ENV: &str = "PUBLIC_URL";

    /// Creates a shop with a public URL, e.g. `https://app.example.com`. Success and cancel paths are joined to it.
    ///
    /// The URL may have a path, such as `https://example.com/shop`. The path that a buyer returns to after signing in, and
    /// the link of error pages, are below that path, whether the proxy in front of the application strips it or not.
    ///
    /// The URL is never taken from a request, because its sender could then choose where a buyer is sent after paying.
    ///
    /// # Errors
    ///
    /// Returns an error if the URL is not an absolute http or https URL, if it contains credentials, a query or a fragment, or
    /// if its host is a placeholder such as `your-domain.com`. If the client sends its requests to Kelviq's production
    /// environment, the URL must be https, except on loopback, where http is a warning in the log.
    pub fn new(kelviq: Kelviq, public_url: &str) -> Result<Self, ConfigError> {
        let address = PublicAddress::parse(public_url)?;
        if is_production(&kelviq) {
            address.validate_for_production()?;
        }
        Ok(Self::at(kelviq, address))
    }

    /// Creates a shop for development, without a public URL. Success and cancel paths are joined to the host of the
    /// request.
    ///
    /// It serves only direct requests to loopback (`localhost`, `127.0.0.1`, `[::1]`). It rejects requests that came
    /// through a proxy. If the server provides the peer's address, it also rejects peers that are not on loopback, such
    /// as those of a container's published port. It rejects an `Origin` that is not the loopback address of the request, so
    /// that a forgotten proxy is noticed at the first click. In these cases use [`new`](Self::new), e.g. with
    /// `http://localhost:3000`.
    ///
    /// The URL of the request is assumed to be http. An application that terminates TLS itself, also on loopback, needs
    /// [`new`](Self::new) with its https URL, e.g. `https://localhost:3000`: otherwise the `Origin` of a browser's request does
    /// not match, and the buyer returns to an http URL.
    pub fn on_loopback(kelviq: Kelviq) -> Self {
        Self::at(kelviq, PublicAddress::Loopback)
    }

    /// Creates a shop from the variables of [`Kelviq::from_env`] and `PUBLIC_URL`. If `PUBLIC_URL` is unset, the shop is
    /// [on loopback](Self::on_loopback).
    ///
    /// # Errors
    ///
    /// Returns an error that names the variable if one is missing or invalid. In Kelviq's production environment,
    /// `PUBLIC_URL` is required, and must be https unless it is on loopback.
    pub fn from_env() -> Result<Self, ConfigError> {
        let kelviq = Kelviq::from_env()?;
        match std::env::var_os(Self::PUBLIC_URL_ENV).filter(|url| !url.is_empty()) {
            None if is_production(&kelviq) => Err(ConfigError::new(
                "PUBLIC_URL is not set; it is required in production",
            )),
            None => Ok(Self::on_loopback(kelviq)),
            Some(url) => match url.to_str() {
                Some(url) => Self::new(kelviq, url),
                None => Err(ConfigError::new("PUBLIC_URL is not Unicode")),
            },
        }
    }

    /// Allows redirects to a checkout page on another host, over https.
    ///
    /// `kelviq.com` and its subdomains are always allowed. Loopback is allowed if the client's base URL is on loopback,
    /// or http on another host. That host is then allowed over http as well; see
    /// [`allow_insecure_base_url`](kelviq_core::KelviqBuilder::allow_insecure_base_url).
    ///
    /// # Errors
    ///
    /// Returns an error if `host` is not a plain host name such as `pay.example.com`. Patterns, ports and IP addresses are
    /// not allowed. An international name such as `zahlung.münchen.example` is stored as punycode.
    pub fn allow_redirects_to(mut self, host: &str) -> Result<Self, ConfigError> {
        let name = parse_host_name(host).ok_or_else(|| {
            ConfigError::new(format!(
                "{host:?} is not a plain host name such as \"pay.example.com\""
            ))
        })?;
        self.inner_mut().redirect_targets.allow(name);
        Ok(self)
    }

    /// Reads the buyer's IP address from this header, which the proxy in front of the application sets. The last entry
    /// is used.
    ///
    /// Only for an application that is reachable through that proxy alone: Kelviq sets prices by location, so a client
    /// that can write the header can choose the price. Without a trusted header, the peer's address is used if the
    /// server provides it (`into_make_service_with_connect_info::<SocketAddr>()`). Private addresses are never sent.
    /// A missing peer address is logged once.
    ///
    /// ```
    /// # use kelviq_axum::Shop;
    /// # use kelviq_core::Kelviq;
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
        self.inner_mut().client_ip_header = Some(header);
        self
    }

    /// Starts checkouts and opens the customer portal on any method, not only on `POST`.
    ///
    /// Only for handlers that distinguish a buyer's click from other requests themselves. Browsers send `GET` and `HEAD`
    /// for prefetches, and for links and images on other sites, and these methods are not checked for the site that sent
    /// them. For links in emails, [`OffersBuilder::sell_on_get`](crate::OffersBuilder::sell_on_get) has such a check and
    /// does not need this setting.
    ///
    /// ```
    /// # use kelviq_axum::Shop;
    /// # use kelviq_core::Kelviq;
    /// # fn shop(kelviq: Kelviq) -> Result<Shop, kelviq_axum::ConfigError> {
    /// let shop = Shop::new(kelviq, "https://app.example.com")?.sell_on_any_method();
    /// # Ok(shop)
    /// # }
    /// ```
    #[must_use]
    pub fn sell_on_any_method(mut self) -> Self {
        self.inner_mut().sells_on_any_method = true;
        self
    }

    /// Keeps the references of checkouts in a store, so that [`checkout_state`](Self::checkout_state) finds their sessions
    /// after a restart, and in every replica.
    ///
    /// The reference is stored before the buyer is redirected, which takes at most 1 s. If that fails, it is logged, and the
    /// sale continues. Sharing one session between two clicks still works within one process only.
    #[must_use]
    pub fn store(mut self, store: impl Store) -> Self {
        self.inner_mut().sessions.set_store(store);
        self
    }

    /// Returns the sources for `form-action` in a page's `Content-Security-Policy`, in addition to `'self'`. Browsers
    /// also apply `form-action` to the redirect after a form submission.
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
        self.inner.redirect_targets.form_action_sources()
    }

    /// Returns the public URL. `None` for a shop [on loopback](Self::on_loopback).
    pub fn public_url(&self) -> Option<&str> {
        self.inner.address.url()
    }

    /// Returns the client.
    pub fn kelviq(&self) -> &Kelviq {
        &self.inner.kelviq
    }

    /// Returns the path of the public URL, which ends with a slash.
    pub(crate) fn public_path(&self) -> &str {
        self.inner.address.path()
    }

    /// Returns the URL that this request's success and cancel paths are joined to, or the reason why the request is
    /// rejected. The URL ends with a slash.
    pub(crate) fn base(&self, parts: &Parts) -> Result<Url, &'static str> {
        self.inner.address.base(parts)
    }

    /// Returns a URL to validate paths with before there is a request.
    pub(crate) fn sample_base(&self) -> Result<Url, ConfigError> {
        self.inner.address.sample_base()
    }

    /// Returns the trusted header with the buyer's IP address.
    pub(crate) fn client_ip_header(&self) -> Option<&HeaderName> {
        self.inner.client_ip_header.as_ref()
    }

    /// Returns `true` once for this shop and its clones: for the first request without the address of its peer.
    pub(crate) fn is_first_missing_peer(&self) -> bool {
        !self.inner.missing_peer.swap(true, Ordering::Relaxed)
    }

    pub(crate) fn sells_on_any_method(&self) -> bool {
        self.inner.sells_on_any_method
    }

    /// Returns the sessions that further clicks share.
    pub(crate) fn single_flight(&self) -> &SingleFlight {
        &self.inner.single_flight
    }

    /// Returns the customers' profiles that were written at Kelviq.
    pub(crate) fn profiles(&self) -> &Profiles {
        &self.inner.profiles
    }

    /// Returns the notifications of success pages.
    pub(crate) fn handled_sessions(&self) -> &HandledSessions {
        &self.inner.handled_sessions
    }

    /// Returns the sessions that were created recently.
    pub(crate) fn sessions(&self) -> &RecentSessions {
        &self.inner.sessions
    }

    /// Validates a URL from Kelviq that a buyer is to be sent to. The error describes what is wrong with it.
    pub(crate) fn validate_redirect(&self, url: &Url) -> Result<(), String> {
        self.inner.redirect_targets.validate(url)
    }

    /// Returns the other origins whose requests are accepted.
    pub(crate) fn allowed_origins(&self) -> &AllowedOrigins {
        &self.inner.allowed_origins
    }

    pub(crate) fn allowed_origins_mut(&mut self) -> &mut AllowedOrigins {
        &mut self.inner_mut().allowed_origins
    }

    /// Returns the customers' entitlements.
    pub(crate) fn entitlements_cache(&self) -> &EntitlementsCache {
        &self.inner.entitlements
    }

    pub(crate) fn is_production(&self) -> bool {
        is_production(&self.inner.kelviq)
    }

    fn at(kelviq: Kelviq, address: PublicAddress) -> Self {
        tracing::info!(
            environment = %kelviq.environment(),
            base_url = kelviq.base_url(),
            public_url = address.url().unwrap_or("(loopback)"),
            "payments go through Kelviq"
        );
        Self {
            inner: Arc::new(Inner {
                redirect_targets: RedirectTargets::new(&kelviq),
                allowed_origins: AllowedOrigins::default(),
                kelviq,
                address,
                client_ip_header: None,
                missing_peer: Arc::default(),
                sells_on_any_method: false,
                sessions: RecentSessions::default(),
                handled_sessions: HandledSessions::default(),
                single_flight: SingleFlight::default(),
                profiles: Profiles::default(),
                entitlements: EntitlementsCache::default(),
            }),
        }
    }

    /// Returns the settings of this shop, apart from those of its clones.
    fn inner_mut(&mut self) -> &mut Inner {
        Arc::make_mut(&mut self.inner)
    }
}

fn is_production(kelviq: &Kelviq) -> bool {
    kelviq.environment() == Environment::Production
        || host(kelviq.base_url()) == host(Environment::Production.base_url())
}

/// Returns the host of a URL without a final dot.
fn host(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?;
    Some(host.strip_suffix('.').unwrap_or(host).to_owned())
}
