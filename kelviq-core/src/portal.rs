//! Sessions of the customer portal, where customers see invoices and manage subscriptions.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{
    client::kelviq::Kelviq,
    error::Error,
    json::RawObject,
    validation::{MAX_URL_LENGTH, Validation, parse_http_url},
};

/// A session of the customer portal, from [`Kelviq::create_portal_session`](crate::Kelviq::create_portal_session).
///
/// ```
/// use kelviq_core::{Error, Kelviq};
///
/// async fn portal_url(kelviq: &Kelviq, signed_in_user: &str) -> Result<String, Error> {
///     let session = kelviq.create_portal_session(signed_in_user).await?;
///     Ok(session.signed_url()) // redirect there
/// }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct PortalSession {
    /// The customer's email address.
    ///
    /// JSON field: `email`.
    pub email: Option<String>,
    customer_portal_url: Url,
    token: SecretString,
}

impl PortalSession {
    /// Returns the URL of the portal (`customerPortalUrl`), which does not sign the customer in.
    pub fn customer_portal_url(&self) -> &str {
        self.customer_portal_url.as_str()
    }

    /// Returns the URL that signs the customer in.
    ///
    /// Anyone with this URL has the customer's access. Redirect the customer to it immediately, and do not store, log or
    /// cache it.
    pub fn signed_url(&self) -> String {
        let mut url = self.customer_portal_url.clone();
        url.query_pairs_mut()
            .append_pair("token", self.token.expose_secret());
        url.into()
    }

    /// Reads the response body. The error describes what is wrong with it.
    fn from_json(json: &str) -> Result<Self, &'static str> {
        let response = RawObject::parse_lenient(json).ok_or("the body is not a JSON object")?;
        let url: String = response
            .get("customerPortalUrl")
            .ok_or("the body has no customerPortalUrl")?;
        let url = parse_http_url(&url)
            .ok_or("customerPortalUrl is too long or is not an absolute http or https URL")?;
        let token: String = response
            .get("token")
            .filter(|token: &String| token.len() <= MAX_URL_LENGTH)
            .ok_or("the body has no token, or one that is too long")?;
        Ok(Self {
            customer_portal_url: url,
            email: response.get("email"),
            token: token.into(),
        })
    }

    /// Validates the customer id and returns the JSON of the request.
    fn request_json(customer_id: &str) -> Result<String, Error> {
        let mut check = Validation::default();
        check.text("customerId", customer_id);
        check.finish()?;
        Ok(serde_json::json!({ "customerId": customer_id }).to_string())
    }
}

impl Kelviq {
    /// Creates a session of the customer portal (`POST /portal/session/`).
    ///
    /// `customer_id` is the application's id of the signed-in customer. It must not come from the request: a user who can
    /// choose the id can enter the portal of any customer.
    ///
    /// # Errors
    ///
    /// Returns [`Api`](crate::ErrorKind::Api) with status 400 if the customer does not exist at Kelviq or has no email
    /// address there. The other errors are those of [`create_checkout_session`](Self::create_checkout_session).
    pub async fn create_portal_session(&self, customer_id: &str) -> Result<PortalSession, Error> {
        let json = PortalSession::request_json(customer_id)?;
        let response = self.post(&["portal", "session"], json).await?;
        PortalSession::from_json(&response.body).map_err(|problem| response.unexpected(problem))
    }
}

/// Shows the URL of the portal, but neither the customer nor the token.
impl fmt::Debug for PortalSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PortalSession")
            .field("customer_portal_url", &self.customer_portal_url())
            .finish_non_exhaustive()
    }
}
