//! Static checkout links.

use std::fmt;

use url::Url;

use super::charge_period::ChargePeriod;
use crate::{client::environment::Environment, error::Error, validation::Validation};

/// A static checkout link, `https://www.kelviq.com/buy/…`, which needs neither an API key nor a request.
///
/// Buyers can read and change every part of the link, so trust none of it. A link cannot carry metadata.
///
/// ```
/// use kelviq_core::{ChargePeriod, CheckoutLink, Environment};
///
/// let link = CheckoutLink::new(Environment::Sandbox, "df398021-477b-4e67-972d-c763a2f2ba7b")
///     .plan_identifier("pro")
///     .charge_period(ChargePeriod::Monthly)
///     .to_url()?;
/// assert_eq!(
///     link,
///     "https://www.kelviq.com/sandbox/buy/df398021-477b-4e67-972d-c763a2f2ba7b/?plan_identifier=pro&charge_period=MONTHLY"
/// );
/// # Ok::<(), kelviq_core::Error>(())
/// ```
#[derive(Clone)]
pub struct CheckoutLink {
    environment: Environment,
    product_id: String,
    plans: Vec<String>,
    plan_identifier: Option<String>,
    charge_period: Option<ChargePeriod>,
    discounts_enabled: Option<bool>,
    discount_code: Option<String>,
    customer_id: Option<String>,
    success_url: Option<String>,
}

impl CheckoutLink {
    /// Creates a link to a product, identified by its UUID in the Kelviq dashboard.
    pub fn new(environment: Environment, product_id: impl Into<String>) -> Self {
        Self {
            environment,
            product_id: product_id.into(),
            plans: Vec::new(),
            plan_identifier: None,
            charge_period: None,
            discounts_enabled: None,
            discount_code: None,
            customer_id: None,
            success_url: None,
        }
    }

    /// Sets `enabled`: the identifiers of the plans that the checkout page shows.
    #[must_use]
    pub fn plans_enabled<I: Into<String>>(mut self, plans: impl IntoIterator<Item = I>) -> Self {
        self.plans = plans.into_iter().map(Into::into).collect();
        self
    }

    /// Sets `plan_identifier`: the plan that is selected when the page opens.
    #[must_use]
    pub fn plan_identifier(mut self, plan_identifier: impl Into<String>) -> Self {
        self.plan_identifier = Some(plan_identifier.into());
        self
    }

    /// Sets `charge_period`: the period that is selected when the page opens.
    #[must_use]
    pub fn charge_period(mut self, charge_period: ChargePeriod) -> Self {
        self.charge_period = Some(charge_period);
        self
    }

    /// Sets `discounts_enabled`: whether the checkout page accepts discount codes.
    #[must_use]
    pub fn discounts_enabled(mut self, discounts_enabled: bool) -> Self {
        self.discounts_enabled = Some(discounts_enabled);
        self
    }

    /// Sets `discount_code`, which is applied when the page opens.
    #[must_use]
    pub fn discount_code(mut self, discount_code: impl Into<String>) -> Self {
        self.discount_code = Some(discount_code.into());
        self
    }

    /// Sets `customer_id`: the application's id for the buyer. The buyer can change it, so do not trust it.
    #[must_use]
    pub fn customer_id(mut self, customer_id: impl Into<String>) -> Self {
        self.customer_id = Some(customer_id.into());
        self
    }

    /// Sets `success_url`: the absolute URL that the buyer returns to after paying.
    #[must_use]
    pub fn success_url(mut self, success_url: impl Into<String>) -> Self {
        self.success_url = Some(success_url.into());
        self
    }

    /// Checks every parameter and returns the URL.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidRequest`](crate::ErrorKind::InvalidRequest) with one [`FieldError`](crate::FieldError) for each
    /// invalid parameter.
    pub fn to_url(&self) -> Result<String, Error> {
        self.validate()?;
        let mut url = Url::parse(self.base()).map_err(|error| {
            Error::configuration("the base URL of checkout links is invalid").with_source(error)
        })?;
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push(&self.product_id).push("");
        }
        let plans = (!self.plans.is_empty()).then(|| self.plans.join(","));
        let parameters = [
            ("enabled", plans.as_deref()),
            ("plan_identifier", self.plan_identifier.as_deref()),
            (
                "charge_period",
                self.charge_period.as_ref().map(ChargePeriod::as_str),
            ),
            (
                "discounts_enabled",
                self.discounts_enabled
                    .map(|enabled| if enabled { "true" } else { "false" }),
            ),
            ("discount_code", self.discount_code.as_deref()),
            ("customer_id", self.customer_id.as_deref()),
            ("success_url", self.success_url.as_deref()),
        ];
        for (name, value) in parameters {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        Ok(url.into())
    }

    fn base(&self) -> &'static str {
        match self.environment {
            Environment::Production => "https://www.kelviq.com/buy/",
            Environment::Sandbox => "https://www.kelviq.com/sandbox/buy/",
        }
    }

    fn validate(&self) -> Result<(), Error> {
        let mut check = Validation::default();
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if self.product_id.is_empty() || !self.product_id.bytes().all(is_id) {
            check.fail("product_id", "expected the product's UUID");
        }
        for plan in &self.plans {
            check.listed_plan("enabled", plan);
        }
        check.optional_text("plan_identifier", self.plan_identifier.as_deref());
        if let Some(period) = &self.charge_period {
            check.constant("charge_period", period.as_str());
        }
        check.optional_text("discount_code", self.discount_code.as_deref());
        check.optional_text("customer_id", self.customer_id.as_deref());
        check.optional_url("success_url", self.success_url.as_deref());
        check.finish()
    }
}

/// Omits the discount code, the customer id and the success URL, which can be personal.
impl fmt::Debug for CheckoutLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckoutLink")
            .field("environment", &self.environment)
            .field("product_id", &self.product_id)
            .field("plans", &self.plans)
            .field("plan_identifier", &self.plan_identifier)
            .field("charge_period", &self.charge_period)
            .finish_non_exhaustive()
    }
}
