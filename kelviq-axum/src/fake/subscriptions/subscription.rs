//! A subscription.

use std::time::{Duration, SystemTime};

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{
    cancellation::{Cancellation, End},
    charge_period::ChargePeriod,
};
use crate::fake::{
    ids,
    price::Price,
    product::PRODUCT_NAME,
    session::{Session, display_name},
    timestamp::{date_of, rfc3339, rfc3339_micros},
};

/// A subscription in one state, or a one-time purchase.
#[derive(Clone)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    external_id: String,
    pub(crate) customer_id: String,
    pub(crate) plan: String,
    pub(crate) period: ChargePeriod,
    pub(crate) price: Price,
    /// The features of the checkout request: identifiers and quantities, or null.
    pub(crate) features: Value,
    pub(crate) status: String,
    pub(crate) start: SystemTime,
    /// The end of the current billing period. `None` for a one-time purchase.
    pub(crate) period_end: Option<SystemTime>,
    pub(crate) trial_end: Option<SystemTime>,
    pub(crate) end_date: Option<Date>,
    cancellation: Option<Cancellation>,
    pub(crate) modified: SystemTime,
}

impl Subscription {
    /// Creates the subscription of a session that was paid at `paid`.
    pub(crate) fn new(session: &Session, paid: SystemTime) -> Self {
        let checkout = &session.checkout;
        let period = ChargePeriod::new(checkout.text("chargePeriod").unwrap_or_default());
        let trial_days = checkout.fields.get("trialPeriod").and_then(Value::as_u64);
        let trial_end = trial_days
            .filter(|_| period.is_recurring())
            .and_then(|days| paid.checked_add(DAY.checked_mul(u32::try_from(days).ok()?)?));
        Self {
            id: ids::uuid(),
            external_id: format!("sub_{}", ids::random_hex()),
            customer_id: session.customer_id.clone(),
            plan: checkout.plan().to_owned(),
            period,
            price: session.price.clone(),
            features: checkout.fields.get("features").cloned().unwrap_or_default(),
            status: if trial_end.is_some() {
                "trialing"
            } else {
                "active"
            }
            .to_owned(),
            start: paid,
            period_end: period.end(paid),
            trial_end,
            end_date: None,
            cancellation: None,
            modified: paid,
        }
    }

    /// Ends the subscription now, or schedules its end.
    pub(crate) fn cancel(&mut self, end: End, cancellation: Cancellation) {
        let now = cancellation.time;
        self.cancellation = Some(cancellation);
        self.end_date = match end {
            End::Now => {
                self.status = "canceled".into();
                Some(date_of(now))
            }
            End::WithPeriod => self.period_end.map(date_of),
            End::On(date) => Some(date),
        };
    }

    /// Returns whether the subscription is canceled or past its end.
    fn has_ended(&self) -> bool {
        let is_past = |end| end < date_of(SystemTime::now());
        self.status == "canceled" || self.end_date.is_some_and(is_past)
    }

    /// Sets the status. A canceled subscription ends today.
    pub(crate) fn set_status(&mut self, status: &str) {
        if status == "canceled" {
            self.cancel(End::Now, Cancellation::by("CANCELLED_BY_PROVIDER"));
        }
        status.clone_into(&mut self.status);
    }

    /// Returns whether it is a subscription that can still be canceled.
    pub(crate) fn can_be_canceled(&self) -> bool {
        self.is_current() && self.period.is_recurring()
    }

    /// Returns whether the list of a customer's current subscriptions contains it.
    pub(crate) fn is_current(&self) -> bool {
        !self.has_ended() && self.status != "superseded"
    }

    /// Returns whether the customer may use what the plan includes.
    pub(crate) fn gives_access(&self) -> bool {
        self.is_current() && ["active", "trialing", "past_due"].contains(&&*self.status)
    }

    pub(crate) fn billing_type(&self) -> &'static str {
        if self.period.is_recurring() {
            "SUBSCRIPTION"
        } else {
            "ONE_TIME"
        }
    }

    /// Returns the subscription as the details of its checkout session contain it.
    pub(crate) fn summary(&self) -> Value {
        let recurrence = self.period.recurrence();
        let mut json = json!({
            "id": self.id,
            "recurrence": recurrence.strip_prefix("1 ").unwrap_or(&recurrence),
            "startDate": date_of(self.start).to_string(),
            "endDate": self.end_date.map(|date| date.to_string()),
            "status": self.status,
            "amount": self.price.amount(),
            "currency": self.price.currency.to_lowercase(),
            "trialDaysRemaining": self.trial_days_remaining(),
            "billingType": self.billing_type(),
            "recurrenceUnit": null,
            "recurrenceType": null,
        });
        // A one-time purchase has no billing period.
        if let Some(end) = self.period_end {
            json["billingPeriodStartTime"] = rfc3339(self.start).into();
            json["billingPeriodEndTime"] = rfc3339(end).into();
            json["recurrenceUnit"] = self.period.count.into();
            json["recurrenceType"] = self.period.unit().into();
        }
        json
    }

    /// Returns the subscription as the API does. `features` has the details of its features.
    pub(crate) fn json(&self, features: Value) -> Value {
        let mut json = self.summary();
        json["externalSubscriptionId"] = (&*self.external_id).into();
        json["customerId"] = (&*self.customer_id).into();
        json["product"] = PRODUCT_NAME.into();
        json["plan"] = json!({"name": display_name(&self.plan), "identifier": self.plan});
        json["features"] = features;
        for empty in ["files", "links", "license"] {
            json[empty] = json!([]);
        }
        let cancellation = self.cancellation.as_ref();
        json["canceledAt"] = cancellation.map(|c| rfc3339_micros(c.time)).into();
        json["cancellationReason"] = cancellation.map(|c| c.reason).into();
        json["cancellationFeedback"] = cancellation.map(|c| c.feedback.clone()).into();
        json["cancellationComment"] = cancellation.map(|c| c.comment.clone()).into();
        json
    }

    /// Returns the remaining days of the trial, rounded up, or 0.
    fn trial_days_remaining(&self) -> u64 {
        let end = self.trial_end.filter(|_| self.status == "trialing");
        let left = end.and_then(|end| end.duration_since(SystemTime::now()).ok());
        left.map_or(0, |left| left.as_secs().div_ceil(DAY.as_secs()))
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
