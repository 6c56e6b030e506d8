//! The settings of a shop that sells to scripts of other origins.

use tower_http::cors::CorsLayer;

use crate::{config_error::ConfigError, shop::Shop};

impl Shop {
    /// Accepts requests of another origin, such as `https://app.example.com`: its pages may start checkouts and open the
    /// customer portal, by forms and by scripts.
    ///
    /// Scripts also need the [CORS layer](Self::cors). Requests of all other origins are rejected with 403.
    ///
    /// The origin is trusted like the application itself. See [`cors`](Self::cors) for what its scripts can do.
    ///
    /// # Errors
    ///
    /// Returns an error if `origin` is not an exact http or https origin, as browsers send it: a path, a final slash, a
    /// default port, `null` and `*` are invalid. In Kelviq's production environment it must be https, except on loopback,
    /// where http is a warning in the log.
    pub fn allow_origin(mut self, origin: &str) -> Result<Self, ConfigError> {
        let in_production = self.is_production();
        self.allowed_origins_mut().allow(origin, in_production)?;
        Ok(self)
    }

    /// Returns the CORS layer for the [allowed origins](Self::allow_origin), with credentials. Add it around the routes that
    /// sell, and outside of every other layer that responds by itself, so that preflights and errors have the headers too.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use kelviq_axum::{Anonymous, ConfigError, Offer, Offers, Shop, portal, routes};
    /// use kelviq_core::{ChargePeriod, Kelviq};
    ///
    /// fn app(kelviq: Kelviq) -> Result<Router, ConfigError> {
    ///     let shop = Shop::new(kelviq, "https://api.example.com")?.allow_origin("https://app.example.com")?;
    ///     let cors = shop.cors();
    ///     let offers = Offers::builder(shop.clone())
    ///         .offer("pro-monthly", Offer::plan("pro", ChargePeriod::Monthly))
    ///         .build()?;
    ///     let selling = Router::new()
    ///         .nest("/checkout", routes(offers))
    ///         .route("/billing", portal::<Anonymous, _>(shop))
    ///         .layer(cors);
    ///     // Scripts of the other origin cannot read these pages.
    ///     Ok(selling.route("/account", get("Your account")))
    /// }
    /// ```
    ///
    /// The script sends the buyer to the checkout page itself:
    ///
    /// ```js
    /// const response = await fetch("https://api.example.com/checkout/pro-monthly", {
    ///     method: "POST",
    ///     body: new FormData(form),       // or URLSearchParams, or JSON with its content type
    ///     credentials: "include",         // the buyer's cookies
    /// });
    /// const result = await response.json();
    /// if (response.ok) location.assign(result.checkoutUrl);
    /// else if (result.signInUrl) location.assign(new URL(result.signInUrl, response.url));
    /// else alert(result.message);
    /// ```
    ///
    /// Browsers send the buyer's cookies to another site only if they have `SameSite=None; Secure`, and some browsers block
    /// even these. Subdomains of one domain are the same site, so that `app.example.com` and `api.example.com` need neither.
    ///
    /// The layer allows the headers `Accept`, `Content-Type` and those of htmx. A script that sends another header, such as
    /// `Authorization`, needs `cors.allow_headers([…])` with all of them. The layer has the origins that are allowed when
    /// this method is called.
    pub fn cors(&self) -> CorsLayer {
        self.allowed_origins().cors_layer()
    }
}
