//! The request for a checkout session.

use std::{fmt, net::IpAddr};

use super::{ChargePeriod, CustomAmount, feature::Feature, validate::Validation};
use crate::{Error, Metadata, MetadataError, ToMetadata, json::ObjectWriter};

/// `POST /checkout/`: what a checkout session is asked for with.
///
/// The three fields that Kelviq requires are in [`new`](Self::new). All fields are checked when the request is sent, or
/// before, with [`to_json`](Self::to_json).
///
/// ```
/// use kelviq_core::{ChargePeriod, CreateCheckoutSession, Metadata};
///
/// let request = CreateCheckoutSession::new("pro", ChargePeriod::Monthly, "https://app.example.com/thanks")
///     .customer_id("cust_789")
///     .feature("seats", 5)
///     .metadata(Metadata::from_json(r#"{"order_ref":"ABC-123"}"#)?);
/// assert!(request.to_json()?.contains(r#""planIdentifier":"pro""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct CreateCheckoutSession {
    plan_identifier: String,
    charge_period: ChargePeriod,
    success_url: String,
    cancel_url: Option<String>,
    customer_id: Option<String>,
    lock_email: Option<bool>,
    features: Vec<Feature>,
    ip_address: Option<IpAddr>,
    plans_enabled: Vec<String>,
    custom_amount: Option<CustomAmount>,
    discounts_enabled: Option<bool>,
    discount_code: Option<String>,
    default_billing_country: Option<String>,
    offering_id: Option<String>,
    pricing_table_id: Option<String>,
    rule_id: Option<String>,
    trial_period: Option<u32>,
    metadata: Option<Result<Metadata, MetadataError>>,
}

impl CreateCheckoutSession {
    /// `planIdentifier`, `chargePeriod` and `successUrl`, which Kelviq requires.
    ///
    /// The success URL is absolute (`https://…`). A visit to it proves nothing: buyers can open it without paying.
    pub fn new(
        plan_identifier: impl Into<String>,
        charge_period: ChargePeriod,
        success_url: impl Into<String>,
    ) -> Self {
        Self {
            plan_identifier: plan_identifier.into(),
            charge_period,
            success_url: success_url.into(),
            cancel_url: None,
            customer_id: None,
            lock_email: None,
            features: Vec::new(),
            ip_address: None,
            plans_enabled: Vec::new(),
            custom_amount: None,
            discounts_enabled: None,
            discount_code: None,
            default_billing_country: None,
            offering_id: None,
            pricing_table_id: None,
            rule_id: None,
            trial_period: None,
            metadata: None,
        }
    }

    /// `customerId`: the app's own id of the buyer. Without it Kelviq creates a customer.
    ///
    /// Kelviq's texts differ on a new id with an email that it knows already: an older one says that the subscription
    /// goes to the customer who has that email, a newer one that several customers may share an email.
    #[must_use]
    pub fn customer_id(mut self, customer_id: impl Into<String>) -> Self {
        self.customer_id = Some(customer_id.into());
        self
    }

    /// `lockEmail`: whether the buyer can change the email on the checkout page. Kelviq's default is that they can.
    #[must_use]
    pub fn lock_email(mut self, lock_email: bool) -> Self {
        self.lock_email = Some(lock_email);
        self
    }

    /// Adds to `features`: how much of a feature is bought.
    #[must_use]
    pub fn feature(mut self, identifier: impl Into<String>, quantity: u32) -> Self {
        self.features.push(Feature {
            identifier: identifier.into(),
            quantity,
        });
        self
    }

    /// `ipAddress`: the buyer's address, for location-based pricing. Whoever may set it may set the price.
    #[must_use]
    pub fn ip_address(mut self, ip_address: IpAddr) -> Self {
        self.ip_address = Some(ip_address);
        self
    }

    /// `cancelUrl`: absolute; where the buyer goes without paying.
    #[must_use]
    pub fn cancel_url(mut self, cancel_url: impl Into<String>) -> Self {
        self.cancel_url = Some(cancel_url.into());
        self
    }

    /// `plansEnabled`: the identifiers of the plans that the checkout page shows.
    #[must_use]
    pub fn plans_enabled<I: Into<String>>(mut self, plans: impl IntoIterator<Item = I>) -> Self {
        self.plans_enabled = plans.into_iter().map(Into::into).collect();
        self
    }

    /// `customAmount`, `currencyCode` and `taxBehavior`, which Kelviq takes only together.
    #[must_use]
    pub fn custom_amount(mut self, custom_amount: CustomAmount) -> Self {
        self.custom_amount = Some(custom_amount);
        self
    }

    /// `discountsEnabled`: whether the checkout page takes discount codes. Kelviq's default is that it does.
    #[must_use]
    pub fn discounts_enabled(mut self, discounts_enabled: bool) -> Self {
        self.discounts_enabled = Some(discounts_enabled);
        self
    }

    /// `discountCode`: applied from the start. Kelviq refuses the request when the code is inactive, expired or unfit.
    #[must_use]
    pub fn discount_code(mut self, discount_code: impl Into<String>) -> Self {
        self.discount_code = Some(discount_code.into());
        self
    }

    /// `defaultBillingCountry`: ISO 3166-1 alpha-2, e.g. `US`.
    #[must_use]
    pub fn default_billing_country(mut self, country: impl Into<String>) -> Self {
        self.default_billing_country = Some(country.into());
        self
    }

    /// `offeringId`, which only Kelviq's own libraries have.
    #[must_use]
    pub fn offering_id(mut self, offering_id: impl Into<String>) -> Self {
        self.offering_id = Some(offering_id.into());
        self
    }

    /// `pricingTableId`, which only Kelviq's own libraries have.
    #[must_use]
    pub fn pricing_table_id(mut self, pricing_table_id: impl Into<String>) -> Self {
        self.pricing_table_id = Some(pricing_table_id.into());
        self
    }

    /// `ruleId`, which only Kelviq's own libraries have.
    #[must_use]
    pub fn rule_id(mut self, rule_id: impl Into<String>) -> Self {
        self.rule_id = Some(rule_id.into());
        self
    }

    /// `trialPeriod`: in days, at least 1, instead of the plan's. Only Kelviq's Python library has it.
    #[must_use]
    pub fn trial_period(mut self, days: u32) -> Self {
        self.trial_period = Some(days);
        self
    }

    /// `metadata`: comes back unchanged on `checkout.completed`. Later calls replace earlier ones.
    #[must_use]
    pub fn metadata(mut self, metadata: impl ToMetadata) -> Self {
        self.metadata = Some(metadata.to_metadata());
        self
    }

    /// `successUrl`, instead of the one given at first.
    #[must_use]
    pub fn success_url(mut self, success_url: impl Into<String>) -> Self {
        self.success_url = success_url.into();
        self
    }

    /// Checks every field and writes the request's JSON.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) with one [`FieldError`](crate::FieldError) for each field
    /// that does not hold.
    pub fn to_json(&self) -> Result<String, Error> {
        self.validate()?;
        let mut json = ObjectWriter::default();
        self.write_fields(&mut json).map_err(|error| {
            Error::new(
                crate::ErrorKind::InvalidRequest,
                "the request does not serialise",
            )
            .with_source(error)
        })?;
        Ok(json.finish())
    }

    fn validate(&self) -> Result<(), Error> {
        let mut check = Validation::default();
        check.text("planIdentifier", &self.plan_identifier);
        check.text("chargePeriod", self.charge_period.as_str());
        check.url("successUrl", &self.success_url);
        check.optional_url("cancelUrl", self.cancel_url.as_deref());
        for (field, value) in [
            ("customerId", &self.customer_id),
            ("discountCode", &self.discount_code),
            ("offeringId", &self.offering_id),
            ("pricingTableId", &self.pricing_table_id),
            ("ruleId", &self.rule_id),
        ] {
            check.optional_text(field, value.as_deref());
        }
        for (index, feature) in self.features.iter().enumerate() {
            check.feature(index, feature, &self.features[..index]);
        }
        for plan in &self.plans_enabled {
            check.listed_plan("plansEnabled", plan);
        }
        if let Some(custom) = &self.custom_amount {
            check.amount(&custom.amount);
            check.currency(&custom.currency_code);
            check.text("taxBehavior", custom.tax_behavior.as_str());
        }
        if let Some(country) = &self.default_billing_country {
            check.country(country);
        }
        check.trial_period(self.trial_period);
        if let Some(Err(error)) = &self.metadata {
            check.fail("metadata", error.to_string());
        }
        check.finish()
    }

    fn write_fields(&self, json: &mut ObjectWriter) -> Result<(), serde_json::Error> {
        json.field("planIdentifier", &self.plan_identifier)?;
        json.field("chargePeriod", &self.charge_period)?;
        json.field("successUrl", &self.success_url)?;
        json.optional("cancelUrl", self.cancel_url.as_ref())?;
        json.optional("customerId", self.customer_id.as_ref())?;
        json.optional("lockEmail", self.lock_email.as_ref())?;
        if !self.features.is_empty() {
            json.field("features", &self.features)?;
        }
        json.optional("ipAddress", self.ip_address.as_ref())?;
        if !self.plans_enabled.is_empty() {
            json.field("plansEnabled", &self.plans_enabled.join(","))?;
        }
        if let Some(custom) = &self.custom_amount {
            json.raw_field("customAmount", custom.amount.as_str());
            json.field("currencyCode", &custom.currency_code)?;
            json.field("taxBehavior", &custom.tax_behavior)?;
        }
        json.optional("discountsEnabled", self.discounts_enabled.as_ref())?;
        json.optional("discountCode", self.discount_code.as_ref())?;
        json.optional(
            "defaultBillingCountry",
            self.default_billing_country.as_ref(),
        )?;
        json.optional("offeringId", self.offering_id.as_ref())?;
        json.optional("pricingTableId", self.pricing_table_id.as_ref())?;
        json.optional("ruleId", self.rule_id.as_ref())?;
        json.optional("trialPeriod", self.trial_period.as_ref())?;
        if let Some(Ok(metadata)) = &self.metadata {
            json.raw_field("metadata", metadata.as_json());
        }
        Ok(())
    }
}

/// Shows what is bought, and nothing about the buyer.
impl fmt::Debug for CreateCheckoutSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateCheckoutSession")
            .field("plan_identifier", &self.plan_identifier)
            .field("charge_period", &self.charge_period)
            .field("custom_amount", &self.custom_amount)
            .field("metadata", &self.metadata)
            .finish_non_exhaustive()
    }
}
