//! The request that creates a checkout session (`POST /checkout/`).

use std::{fmt, net::IpAddr};

use url::Url;

use super::{
    plan::CheckoutPlan,
    session::{CheckoutSession, read_session},
};
use crate::{
    client::kelviq::Kelviq,
    error::{Error, ErrorKind},
    json::ObjectWriter,
    metadata::{error::MetadataError, object::Metadata, to_metadata::ToMetadata},
    validation::Validation,
};

/// Maximum length of the metadata's JSON text in bytes. Kelviq documents no limit. With this one, a delivery fits into the 1 MiB
/// that the route of kelviq-axum reads, and a page of 100 webhook logs into the 8 MiB that the client reads. Otherwise, a
/// checkout could be paid and its event never arrive.
const MAX_METADATA: usize = 64 * 1024;

/// Parameters for creating a checkout session (`POST /checkout/`).
///
/// All fields are checked when the request is sent, or earlier with [`to_json`](Self::to_json).
///
/// ```
/// use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Metadata};
///
/// let plan = CheckoutPlan::new("pro", ChargePeriod::Monthly).quantity("seats", 5);
/// let request = CreateCheckoutSession::new(plan, "https://app.example.com/thanks")
///     .customer_id("cust_789")
///     .metadata(Metadata::from_json(r#"{"order_ref":"ABC-123"}"#)?);
/// assert!(request.to_json()?.contains(r#""planIdentifier":"pro""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct CreateCheckoutSession {
    plan: CheckoutPlan,
    success_url: UrlField,
    cancel_url: Option<UrlField>,
    customer_id: Option<String>,
    lock_email: Option<bool>,
    ip_address: Option<IpAddr>,
    metadata: Option<Result<Metadata, MetadataError>>,
}

/// A URL of a request.
#[derive(Clone)]
enum UrlField {
    /// Not validated yet.
    Text(String),
    Valid(Url),
}

impl UrlField {
    fn as_str(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Valid(url) => url.as_str(),
        }
    }

    fn check(&self, field: &str, check: &mut Validation) {
        if let Self::Text(text) = self {
            check.url(field, text);
        }
    }
}

/// Creates a request with URLs that have the scheme `http` or `https`, no credentials and no backslash.
pub fn session_request(
    plan: CheckoutPlan,
    success_url: Url,
    cancel_url: Option<Url>,
    metadata: Option<Result<Metadata, MetadataError>>,
) -> CreateCheckoutSession {
    CreateCheckoutSession {
        cancel_url: cancel_url.map(UrlField::Valid),
        metadata,
        ..CreateCheckoutSession::with_success_url(plan, UrlField::Valid(success_url))
    }
}

impl CreateCheckoutSession {
    /// Creates a request for a plan, with the absolute `successUrl` that the buyer returns to after paying.
    ///
    /// A visit to the success URL proves nothing: buyers can open it without paying.
    pub fn new(plan: CheckoutPlan, success_url: impl Into<String>) -> Self {
        Self::with_success_url(plan, UrlField::Text(success_url.into()))
    }

    fn with_success_url(plan: CheckoutPlan, success_url: UrlField) -> Self {
        Self {
            plan,
            success_url,
            cancel_url: None,
            customer_id: None,
            lock_email: None,
            ip_address: None,
            metadata: None,
        }
    }

    /// Sets `customerId`: the application's id for the buyer. If unset, Kelviq creates a customer.
    ///
    /// Kelviq's documentation is inconsistent about a new id with an email address that Kelviq knows already. An older
    /// text says that the subscription goes to the customer with that address. A newer one says that several customers
    /// may share an address.
    #[must_use]
    pub fn customer_id(mut self, customer_id: impl Into<String>) -> Self {
        self.customer_id = Some(customer_id.into());
        self
    }

    /// Sets `lockEmail`: whether the email address on the checkout page is read-only. Kelviq's default is `false`.
    #[must_use]
    pub fn lock_email(mut self, lock_email: bool) -> Self {
        self.lock_email = Some(lock_email);
        self
    }

    /// Sets `ipAddress`: the buyer's address, for location-based pricing.
    ///
    /// The address can change the price, so it must not come from the buyer.
    #[must_use]
    pub fn ip_address(mut self, ip_address: IpAddr) -> Self {
        self.ip_address = Some(ip_address);
        self
    }

    /// Sets `cancelUrl`: the absolute URL that the buyer returns to without paying.
    #[must_use]
    pub fn cancel_url(mut self, cancel_url: impl Into<String>) -> Self {
        self.cancel_url = Some(UrlField::Text(cancel_url.into()));
        self
    }

    /// Sets `metadata`, which Kelviq includes unchanged in `checkout.completed`. A later call replaces an earlier one.
    ///
    /// The JSON text may have 64 KiB, so that the webhook can be delivered. Kelviq documents no limit of its own.
    #[must_use]
    pub fn metadata(mut self, metadata: impl ToMetadata) -> Self {
        self.metadata = Some(metadata.to_metadata());
        self
    }

    /// Checks every field and returns the JSON of the request.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidRequest`](crate::ErrorKind::InvalidRequest) with one [`FieldError`](crate::FieldError) for each
    /// invalid field.
    pub fn to_json(&self) -> Result<String, Error> {
        self.validate()?;
        // More than most requests have.
        let mut json = ObjectWriter::with_capacity(512);
        self.write_fields(&mut json).map_err(|error| {
            Error::new(
                ErrorKind::InvalidRequest,
                "the request cannot be serialized",
            )
            .with_source(error)
        })?;
        Ok(json.finish())
    }

    fn validate(&self) -> Result<(), Error> {
        let mut check = Validation::default();
        self.plan.check_identity(&mut check);
        self.success_url.check("successUrl", &mut check);
        if let Some(url) = &self.cancel_url {
            url.check("cancelUrl", &mut check);
        }
        check.optional_text("customerId", self.customer_id.as_deref());
        self.plan.check_terms(&mut check);
        match &self.metadata {
            Some(Err(error)) => check.fail("metadata", error.to_string()),
            Some(Ok(metadata)) if metadata.as_json().len() > MAX_METADATA => {
                check.fail("metadata", "must not be longer than 64 KiB as JSON");
            }
            _ => {}
        }
        check.finish()
    }

    fn write_fields(&self, json: &mut ObjectWriter) -> Result<(), serde_json::Error> {
        let plan = &self.plan;
        json.field("planIdentifier", &plan.identifier)?;
        json.field("chargePeriod", &plan.charge_period)?;
        json.field("successUrl", self.success_url.as_str())?;
        json.optional("cancelUrl", self.cancel_url.as_ref().map(UrlField::as_str))?;
        json.optional("customerId", self.customer_id.as_ref())?;
        json.optional("lockEmail", self.lock_email.as_ref())?;
        if !plan.features.is_empty() {
            json.field("features", &plan.features)?;
        }
        json.optional("ipAddress", self.ip_address.as_ref())?;
        if !plan.plans_enabled.is_empty() {
            json.field("plansEnabled", &plan.plans_enabled.join(","))?;
        }
        if let Some(custom) = &plan.custom_amount {
            json.raw_field("customAmount", custom.amount.as_str());
            json.field("currencyCode", &custom.currency_code)?;
            json.field("taxBehavior", &custom.tax_behavior)?;
        }
        json.optional("discountsEnabled", plan.discounts_enabled.as_ref())?;
        json.optional("discountCode", plan.discount_code.as_ref())?;
        json.optional(
            "defaultBillingCountry",
            plan.default_billing_country.as_ref(),
        )?;
        json.optional("offeringId", plan.offering_id.as_ref())?;
        json.optional("pricingTableId", plan.pricing_table_id.as_ref())?;
        json.optional("ruleId", plan.rule_id.as_ref())?;
        json.optional("trialPeriod", plan.trial_period.as_ref())?;
        if let Some(Ok(metadata)) = &self.metadata {
            json.raw_field("metadata", metadata.as_json());
        }
        Ok(())
    }
}

impl Kelviq {
    /// Creates a checkout session (`POST /checkout/`).
    ///
    /// # Errors
    ///
    /// Returns an error of any [`ErrorKind`](crate::ErrorKind) except `Configuration` and the webhook kinds.
    pub async fn create_checkout_session(
        &self,
        request: &CreateCheckoutSession,
    ) -> Result<CheckoutSession, Error> {
        let (url, id) = created_session(self, request).await?;
        Ok(CheckoutSession {
            checkout_url: url.into(),
            checkout_session_id: id,
        })
    }
}

/// Creates a session like [`Kelviq::create_checkout_session`], and returns its URL and its id.
///
/// # Errors
///
/// Returns the errors of [`Kelviq::create_checkout_session`].
pub async fn created_session(
    kelviq: &Kelviq,
    request: &CreateCheckoutSession,
) -> Result<(Url, String), Error> {
    let json = request.to_json()?;
    let response = kelviq.post(&["checkout"], json).await?;
    read_session(&response.body).map_err(|problem| response.unexpected(problem))
}

/// Omits everything about the buyer.
impl fmt::Debug for CreateCheckoutSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateCheckoutSession")
            .field("plan", &self.plan)
            .field("metadata", &self.metadata)
            .finish_non_exhaustive()
    }
}
