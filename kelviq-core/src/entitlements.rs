//! Entitlements: what a customer may use.

use serde_json::value::RawValue;

use crate::{
    client::{api_response::ApiResponse, kelviq::Kelviq},
    decimal_text::DecimalText,
    error::Error,
    json::{Lenient, RawObject},
    model::model,
    time_text::TimeText,
    validation::Validation,
    webhook::models::usage_alert::FeatureType,
};

/// The entitlements of a customer: which features the customer may use, from
/// [`Kelviq::entitlements`](crate::Kelviq::entitlements).
///
/// The default is a customer without entitlements, e.g. a visitor who is not signed in.
///
/// ```
/// use kelviq_core::Entitlements;
///
/// fn show(entitlements: &Entitlements) -> String {
///     if !entitlements.has("exports") {
///         return "Upgrade to export".to_owned();
///     }
///     let mut left = entitlements.feature("exports").filter_map(|entry| entry.remaining.as_ref());
///     match left.next() {
///         Some(left) => format!("{left} exports left"),
///         None => "Export".to_owned(),
///     }
/// }
/// assert_eq!(show(&Entitlements::default()), "Upgrade to export");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entitlements {
    /// The application's id of the customer.
    ///
    /// JSON field: `customerId`.
    pub customer_id: Option<String>,
    /// All entries. A feature has one entry for each subscription that includes it.
    ///
    /// JSON field: `entitlements`.
    pub entitlements: Vec<Entitlement>,
}

impl Entitlements {
    /// Returns `true` if the customer may use the feature: Kelviq grants access in any entry of the feature.
    ///
    /// A metered feature counts as one that may be used as long as Kelviq grants access, also beyond a limit that is not hard.
    pub fn has(&self, feature: &str) -> bool {
        self.feature(feature).any(|entry| entry.has_access)
    }

    /// Returns the entries of a feature: one for each subscription that includes it.
    ///
    /// ```
    /// use kelviq_core::Entitlements;
    ///
    /// fn seats(entitlements: &Entitlements) -> u64 {
    ///     let entries = entitlements.feature("seats").filter(|entry| entry.has_access);
    ///     entries.filter_map(|entry| entry.usage_limit.as_ref()?.parse::<u64>().ok()).sum()
    /// }
    /// ```
    pub fn feature<'a>(&'a self, feature: &'a str) -> impl Iterator<Item = &'a Entitlement> {
        let entries = self.entitlements.iter();
        entries.filter(move |entry| entry.feature_id.as_deref() == Some(feature))
    }

    /// Reads the response body. The error describes what is wrong with it.
    ///
    /// A body without a list is an error, because reading it as an empty one would take access away.
    fn from_json(json: &str) -> Result<Self, &'static str> {
        let object = RawObject::parse_lenient(json).ok_or("the body is not a JSON object")?;
        let entries: Vec<&RawValue> = object
            .raw("entitlements")
            .and_then(|entries| serde_json::from_str(entries).ok())
            .ok_or("the body has no list of entitlements")?;
        let entitlements: Vec<_> = entries
            .iter()
            .filter_map(|entry| Entitlement::read(entry.get()))
            .collect();
        if entitlements.is_empty() && !entries.is_empty() {
            return Err("the entitlements are not JSON objects");
        }
        Ok(Self {
            customer_id: object.get("customerId"),
            entitlements,
        })
    }
}

model! {
    /// A feature that a customer's subscription includes.
    ///
    /// Limits and usage are [`DecimalText`], as in [`UsageAlert`](crate::UsageAlert): parse them to calculate. They are `None` if
    /// the feature has no such number or no limit.
    ///
    /// ```
    /// use kelviq_core::Entitlement;
    ///
    /// fn usage(entry: &Entitlement) -> Option<String> {
    ///     let used = entry.current_usage.as_ref()?;
    ///     Some(match &entry.usage_limit {
    ///         Some(limit) => format!("{used} of {limit}"),
    ///         None => used.to_string(),
    ///     })
    /// }
    /// ```
    pub struct Entitlement {
        /// The identifier of the feature, as in the Kelviq dashboard.
        pub feature_id: Option<String> = "featureId",
        /// The type of the feature.
        pub feature_type: Option<FeatureType> = "featureType",
        /// Whether the customer may use the feature. `false` if missing.
        pub has_access: bool = "hasAccess",
        /// The maximum usage, or the quantity that the customer has.
        pub usage_limit: Option<DecimalText> = "usageLimit",
        /// The usage so far.
        pub current_usage: Option<DecimalText> = "currentUsage",
        /// What is left to use.
        pub remaining: Option<DecimalText> = "remaining",
        /// Whether the usage limit cannot be exceeded.
        pub hard_limit: Option<bool> = "hardLimit",
        /// When the usage starts again from zero, e.g. `2025-05-22 08:27:45`. The text is not in RFC 3339 format, and its time zone
        /// is not documented.
        pub reset_at: Option<TimeText> = "resetAt",
    }
}

impl Kelviq {
    /// Retrieves what a customer may use (`GET /entitlements/`, from a server of its own).
    ///
    /// `customer_id` is the application's id of the customer. Kelviq advises to retrieve the entitlements when access is checked,
    /// instead of deriving them from webhooks, and its own SDKs cache them for 60 s.
    ///
    /// ```
    /// use kelviq_core::{Error, Kelviq};
    ///
    /// async fn may_export(kelviq: &Kelviq, user_id: &str) -> Result<bool, Error> {
    ///     Ok(kelviq.entitlements(user_id).await?.has("exports"))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Api`](crate::ErrorKind::Api) with status 404 if Kelviq responds so for a customer that it does not know, and
    /// [`UnexpectedResponse`](crate::ErrorKind::UnexpectedResponse) if the body has no list of entitlements or is about another
    /// customer. The other errors are those of [`create_checkout_session`](Self::create_checkout_session).
    pub async fn entitlements(&self, customer_id: &str) -> Result<Entitlements, Error> {
        let mut check = Validation::default();
        check.customer_id("customer_id", customer_id);
        check.finish()?;
        let query = [("customer_id", customer_id)];
        let response = self.get_from_edge(&["entitlements"], &query).await?;
        read(&response, customer_id)
    }
}

fn read(response: &ApiResponse, customer_id: &str) -> Result<Entitlements, Error> {
    let entitlements =
        Entitlements::from_json(&response.body).map_err(|problem| response.unexpected(problem))?;
    response.check_id(entitlements.customer_id.as_deref(), customer_id, "customer")?;
    Ok(entitlements)
}
