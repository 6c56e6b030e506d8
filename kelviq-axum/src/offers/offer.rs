//! One offer.

use kelviq_core::{ChargePeriod, CheckoutPlan, CheckoutProblem, CustomAmount};

use super::{
    choice::{Choice, quantity_field},
    field_rules::{MAX_FIELDS, MAX_TEXT, is_valid_name, normalize},
    form_fields::FormFields,
    invalid_field::InvalidField,
    quantity::Quantity,
};
use crate::customers::refused_plans::RefusedPlans;

/// An item for sale: a plan, how often it is charged, and the quantities of its features.
///
/// ```
/// use kelviq_axum::Offer;
/// use kelviq_core::ChargePeriod;
///
/// let pro = Offer::plan("pro", ChargePeriod::Monthly);
/// let team = Offer::plan("team", ChargePeriod::Yearly).quantity("seats", 1..=50);
/// ```
///
/// An offer cannot contain the customer, the metadata, the URLs or the IP address. They belong to a sale.
///
/// ```compile_fail,E0599
/// # use kelviq_axum::Offer;
/// # use kelviq_core::ChargePeriod;
/// let pro = Offer::plan("pro", ChargePeriod::Monthly).with(|plan| plan.customer_id("cust_1"));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Offer {
    // Without the quantities, which differ from sale to sale.
    plan: CheckoutPlan,
    title: Option<String>,
    features: Vec<(String, Quantity)>,
    fields: Vec<String>,
    refused_plans: RefusedPlans,
}

impl Offer {
    /// Creates an offer of a plan, by its identifier at Kelviq.
    pub fn plan(identifier: impl Into<String>, charge_period: ChargePeriod) -> Self {
        Self {
            plan: CheckoutPlan::new(identifier, charge_period),
            title: None,
            features: Vec::new(),
            fields: Vec::new(),
            refused_plans: RefusedPlans::None,
        }
    }

    /// Sets the title that a buyer sees on the [page after signing in](crate::ResumePage), e.g. `Pro, monthly`. The default is
    /// the name of the offer.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Sets the quantity of a feature: a number, or a range from which the buyer chooses.
    ///
    /// The buyer chooses with the form field `quantity[…]`, e.g. `quantity[seats]`. Without the field, the minimum is
    /// sold.
    pub fn quantity(mut self, feature: impl Into<String>, quantity: impl Into<Quantity>) -> Self {
        self.features.push((feature.into(), quantity.into()));
        self
    }

    /// Allows a form field, such as a note. [`Buyer::metadata`](crate::Buyer::metadata) reads its text with
    /// [`Sale::field`](crate::Sale::field). It is not sent to Kelviq.
    ///
    /// The name consists of at most 32 ASCII letters, digits, `-`, `_` and `.`, and is not `offer`, `page`, `quantity` or `_charset_`.
    /// An offer has at most 10 fields. A sale is rejected with [`InvalidField`](CheckoutProblem::InvalidField) if the texts of its fields
    /// have more than 500 bytes together, or a text has control characters other than tabs and line breaks.
    ///
    /// The texts tell purchases apart: two clicks with different texts are two sessions. A buyer who signs in takes them
    /// along in the URL, so they must not be secret.
    ///
    /// ```
    /// use kelviq_axum::Offer;
    /// use kelviq_core::ChargePeriod;
    ///
    /// // <input name="note" maxlength="100">
    /// let gift = Offer::plan("gift", ChargePeriod::OneTime).field("note");
    /// ```
    pub fn field(mut self, name: impl Into<String>) -> Self {
        self.fields.push(name.into());
        self
    }

    /// Refuses a customer who has a subscription of this plan already: the response is 409
    /// ([`AlreadySubscribed`](CheckoutProblem::AlreadySubscribed)), and no session is created.
    ///
    /// ```
    /// use kelviq_axum::Offer;
    /// use kelviq_core::ChargePeriod;
    ///
    /// let pro = Offer::plan("pro", ChargePeriod::Monthly).refuse_subscribers();
    /// ```
    ///
    /// The customer's subscriptions are listed at Kelviq before a session is created. A subscription counts if the customer has it
    /// now: while it is active, in a trial or past due, and in a status that is unknown to this version
    /// ([`is_current`](kelviq_core::Subscription::is_current)). A one-time purchase in Kelviq's list counts too. If the list is not
    /// received within 5 s, or Kelviq returns an error, that error is the response, and nothing is sold. The same applies if the list has
    /// a current subscription without its plan.
    ///
    /// The check needs a customer id, so it is skipped for a [`Buyer`](crate::Buyer) without one. Offers that are sold to
    /// [`Anonymous`](crate::Anonymous) cannot have it.
    ///
    /// The page of the rejection links to the customer portal if its [path](crate::OffersBuilder::portal_path) is set.
    ///
    /// # Why this is not the default
    ///
    /// It is off for every offer, also for recurring ones, because only the application knows whether a second subscription is
    /// an accident:
    ///
    /// - The id must identify the subscriber. A person who pays for several workspaces buys the same plan several times.
    /// - Every sale waits for one more request to Kelviq, and fails if that request fails.
    ///
    /// Set it for a plan that a person needs once, such as the subscription of a signed-in user.
    ///
    /// # Two open checkout pages
    ///
    /// The check runs when a session is created. A customer who has opened two checkout pages before paying, e.g. in two tabs, more
    /// than 5 s apart, can still pay both, and Kelviq does not prevent it. The webhook shows it:
    /// `subscription.created` for a customer who has another subscription of the plan. Cancel and refund one of them:
    /// `docs/subscriptions.md` in the repository has an example.
    pub fn refuse_subscribers(mut self) -> Self {
        self.refused_plans = RefusedPlans::Own;
        self
    }

    /// Refuses a customer who has a subscription of one of exactly these plans, such as all plans of a product. It replaces
    /// [`refuse_subscribers`](Self::refuse_subscribers), which describes the check; the offer's own plan counts only if it is in
    /// the list.
    ///
    /// ```
    /// use kelviq_axum::Offer;
    /// use kelviq_core::ChargePeriod;
    ///
    /// // A customer with the plan `team` changes it in the portal.
    /// let pro = Offer::plan("pro", ChargePeriod::Monthly).refuse_subscribers_of(["pro", "team"]);
    /// ```
    pub fn refuse_subscribers_of<I: Into<String>>(
        mut self,
        plans: impl IntoIterator<Item = I>,
    ) -> Self {
        self.refused_plans = RefusedPlans::these(plans);
        self
    }

    /// Sets `discountCode`, which is applied when the checkout page opens.
    pub fn discount_code(self, discount_code: impl Into<String>) -> Self {
        self.with(|plan| plan.discount_code(discount_code))
    }

    /// Sets `customAmount`, `currencyCode` and `taxBehavior`, which replace the plan's price.
    pub fn custom_amount(self, custom_amount: CustomAmount) -> Self {
        self.with(|plan| plan.custom_amount(custom_amount))
    }

    /// Sets `defaultBillingCountry`: ISO 3166-1 alpha-2, e.g. `US`.
    pub fn default_billing_country(self, country: impl Into<String>) -> Self {
        self.with(|plan| plan.default_billing_country(country))
    }

    /// Changes other fields of the plan, e.g. `.with(|plan| plan.trial_period(14))`.
    pub fn with(mut self, change: impl FnOnce(CheckoutPlan) -> CheckoutPlan) -> Self {
        self.plan = change(self.plan);
        self
    }

    pub(super) fn refused_plans(&self) -> &RefusedPlans {
        &self.refused_plans
    }

    /// Returns the title. The default is the name of the offer.
    pub(super) fn title_or<'a>(&'a self, name: &'a str) -> &'a str {
        self.title.as_deref().unwrap_or(name)
    }

    /// Validates the fields of a form, and returns the buyer's choice.
    pub(super) fn choose(&self, form: &FormFields) -> Result<Choice, InvalidField> {
        self.log_ignored(form);
        Ok(Choice {
            quantities: self.quantities(form)?,
            texts: self.texts(form)?,
        })
    }

    fn quantities(&self, form: &FormFields) -> Result<Vec<(String, u32)>, InvalidField> {
        let quantities = self.features.iter().map(|(feature, quantity)| {
            let name = quantity_field(feature);
            let requested = form.get(&name).ok();
            match requested.and_then(|requested| quantity.choose(requested)) {
                Some(quantity) => Ok((feature.clone(), quantity)),
                None => Err(InvalidField {
                    name,
                    problem: CheckoutProblem::InvalidQuantity,
                }),
            }
        });
        quantities.collect()
    }

    fn texts(&self, form: &FormFields) -> Result<Vec<(String, String)>, InvalidField> {
        let mut texts = Vec::new();
        let mut length = 0;
        for field in &self.fields {
            let invalid = || InvalidField {
                name: field.clone(),
                problem: CheckoutProblem::InvalidField,
            };
            if let Some(text) = form.get(field).map_err(|_| invalid())? {
                let text = normalize(text).ok_or_else(invalid)?;
                length += text.len();
                if length > MAX_TEXT {
                    return Err(invalid());
                }
                texts.push((field.clone(), text));
            }
        }
        Ok(texts)
    }

    fn log_ignored(&self, form: &FormFields) {
        let is_known = |name: &str| {
            let mut features = self.features.iter();
            self.fields.iter().any(|field| field == name)
                || features.any(|(feature, _)| quantity_field(feature) == name)
        };
        let ignored: Vec<_> = form.names().filter(|name| !is_known(name)).collect();
        if !ignored.is_empty() {
            tracing::debug!(?ignored, "ignored form fields that the offer does not have");
        }
    }

    /// Returns the plan with these quantities.
    pub(super) fn plan_with(&self, quantities: &[(String, u32)]) -> CheckoutPlan {
        let plan = self.plan.clone();
        quantities.iter().fold(plan, |plan, (feature, quantity)| {
            plan.quantity(feature, *quantity)
        })
    }

    /// Returns a message for each invalid part of the offer.
    pub(super) fn problems(&self) -> Vec<String> {
        let features = self.features.iter();
        let mut problems: Vec<_> = features
            .clone()
            .filter(|(_, quantity)| quantity.is_empty())
            .map(|(feature, _)| format!("the quantity of {feature:?} is an empty range"))
            .collect();
        for (index, name) in self.fields.iter().enumerate() {
            if !is_valid_name(name) {
                problems.push(format!(
                    "the field name {name:?} is reserved, longer than 32 characters, or has characters other than ASCII letters, digits, `-`, `_` and `.`"
                ));
            } else if self.fields[..index].contains(name) {
                problems.push(format!("two fields are named {name:?}"));
            }
        }
        if self.fields.len() > MAX_FIELDS {
            problems.push(format!("an offer has at most {MAX_FIELDS} fields"));
        }
        problems.extend(self.refused_plans.problem().map(Into::into));
        let min: Vec<_> = features
            .map(|(feature, quantity)| (feature.clone(), quantity.min()))
            .collect();
        if let Err(error) = self.plan_with(&min).validate() {
            let errors = error.field_errors().iter();
            problems.extend(errors.map(|error| format!("{}: {}", error.field, error.message)));
        }
        problems
    }
}
