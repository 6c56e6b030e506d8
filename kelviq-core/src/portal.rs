//! The customer portal: where a customer sees invoices and changes or ends a subscription.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{Error, Kelviq, checkout::Validation, json::RawObject};

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
    /// `email`: the customer's.
    pub email: Option<String>,
    customer_portal_url: Url,
    token: SecretString,
}

impl PortalSession {
    /// `customerPortalUrl`: the portal, without the right to enter it.
    pub fn customer_portal_url(&self) -> &str {
        self.customer_portal_url.as_str()
    }

    /// The link that signs the customer in: whoever has it is that customer. Send the customer there at once; do not
    /// store, log or cache it.
    pub fn signed_url(&self) -> String {
        let mut url = self.customer_portal_url.clone();
        url.query_pairs_mut()
            .append_pair("token", self.token.expose_secret());
        url.into()
    }

    /// Reads the answer; the text says what is wrong with it.
    fn from_json(json: &str) -> Result<Self, &'static str> {
        let answer = RawObject::parse_lenient(json).ok_or("it is not a JSON object")?;
        let url: String = answer
            .get("customerPortalUrl")
            .ok_or("it has no customerPortalUrl")?;
        let url = Url::parse(&url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or("its customerPortalUrl is not an absolute http or https URL")?;
        let token: String = answer.get("token").ok_or("it has no token")?;
        Ok(Self {
            customer_portal_url: url,
            email: answer.get("email"),
            token: token.into(),
        })
    }

    /// Checks and writes the request.
    fn request(customer_id: &str) -> Result<String, Error> {
        let mut check = Validation::default();
        check.text("customerId", customer_id);
        check.finish()?;
        Ok(serde_json::json!({ "customerId": customer_id }).to_string())
    }
}

impl Kelviq {
    /// `POST /portal/session/`: lets a customer into the customer portal. `customer_id` is the app's own id, never one
    /// from a request: whoever may choose it enters as that customer.
    ///
    /// # Errors
    ///
    /// [`Api`](crate::ErrorKind::Api) with status 400 when Kelviq knows no such customer, or has no email of theirs; else
    /// like [`create_checkout_session`](Self::create_checkout_session).
    pub async fn create_portal_session(&self, customer_id: &str) -> Result<PortalSession, Error> {
        let json = PortalSession::request(customer_id)?;
        let answer = self.post(&["portal", "session"], json).await?;
        PortalSession::from_json(&answer.body).map_err(|problem| answer.unexpected(problem))
    }
}

/// Shows where the portal is, but neither the customer nor the token.
impl fmt::Debug for PortalSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PortalSession")
            .field("customer_portal_url", &self.customer_portal_url())
            .finish_non_exhaustive()
    }
}
