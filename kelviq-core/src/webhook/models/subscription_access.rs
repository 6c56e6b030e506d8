//! What a subscription means for the customer's access: whether it counts, and when it ends.

use std::time::SystemTime;

use jiff::{Timestamp, civil::Date, tz::Offset};

use super::subscription::{Subscription, SubscriptionStatus};
use crate::time_text::TimeText;

/// Whether a customer whose payment is overdue keeps access, for [`Subscription::gives_access`].
///
/// Kelviq tries to charge a card again for up to 14 days while the subscription is
/// [`PastDue`](crate::SubscriptionStatus::PastDue), and advises not to take access away at once.
///
/// ```
/// use std::time::SystemTime;
/// use kelviq_core::{PastDue, Subscription};
///
/// fn may_read(subscription: &Subscription) -> bool {
///     subscription.gives_access(SystemTime::now(), PastDue::KeepAccess)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PastDue {
    /// The customer keeps access while Kelviq tries to charge again.
    KeepAccess,
    /// The customer loses access as soon as a payment is overdue.
    EndAccess,
}

impl Subscription {
    /// Returns `true` if the subscription gives access at the time `now`.
    ///
    /// | status | access |
    /// |---|---|
    /// | `active`, `trialing` | yes, until the end date if there is one |
    /// | `past_due` | according to `past_due`, at most until the end date |
    /// | `canceled` | only until an end date that is not over; without an end date, no |
    /// | `incomplete`, `incomplete_expired`, `superseded` | no |
    /// | missing, or one that Kelviq has added | no |
    ///
    /// An end date (`YYYY-MM-DD`) is the last day with access, and lasts until midnight UTC. An end date that is a time in RFC 3339
    /// format ends access at this time. Any other text does not count as an end date.
    ///
    /// A cancelled subscription keeps access until its end date, because the customer has paid until then and Kelviq lists it as a
    /// current one until then. To take access away at once, e.g. after a refund, check the status.
    ///
    /// This is the state at the time of the event or the list. To check access in each request,
    /// [`Kelviq::entitlements`](crate::Kelviq::entitlements) is more current, and includes the access that several subscriptions
    /// give together.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use kelviq_core::{Error, PastDue, Subscription, VerifiedEvent};
    /// # fn store_access(user_id: &str, has_access: bool) {}
    ///
    /// fn on_subscription(event: &VerifiedEvent) -> Result<(), Error> {
    ///     let subscription: Subscription = event.object()?;
    ///     let has_access = subscription.gives_access(SystemTime::now(), PastDue::KeepAccess);
    ///     if let Some(user_id) = event.customer_id() {
    ///         store_access(&user_id, has_access);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn gives_access(&self, now: SystemTime, past_due: PastDue) -> bool {
        let has_ended = self.has_ended(now);
        match &self.status {
            Some(SubscriptionStatus::Active | SubscriptionStatus::Trialing) => {
                has_ended != Some(true)
            }
            Some(SubscriptionStatus::PastDue) => {
                past_due == PastDue::KeepAccess && has_ended != Some(true)
            }
            Some(SubscriptionStatus::Canceled) => has_ended == Some(false),
            Some(
                SubscriptionStatus::Incomplete
                | SubscriptionStatus::IncompleteExpired
                | SubscriptionStatus::Superseded
                | SubscriptionStatus::Other(_),
            )
            | None => false,
        }
    }

    /// Returns `true` if the customer counts as a subscriber at the time `now`, so that a second subscription would be a mistake.
    ///
    /// That is so for `active`, `trialing`, `past_due`, any status that Kelviq has added, and a missing status, until the end date
    /// if there is one, and whether or not the status [gives access](Self::gives_access): a customer whose payment is overdue
    /// pays the subscription instead of buying another. It is not so for `incomplete`, `incomplete_expired`, `canceled` and
    /// `superseded`: a customer whose status is `canceled` can buy again, also while access lasts until the end date.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use kelviq_core::Subscription;
    ///
    /// fn may_buy(subscriptions: &[Subscription]) -> bool {
    ///     !subscriptions.iter().any(|subscription| subscription.is_current(SystemTime::now()))
    /// }
    /// ```
    pub fn is_current(&self, now: SystemTime) -> bool {
        let is_over = matches!(
            self.status,
            Some(
                SubscriptionStatus::Incomplete
                    | SubscriptionStatus::IncompleteExpired
                    | SubscriptionStatus::Canceled
                    | SubscriptionStatus::Superseded
            )
        );
        !is_over && self.has_ended(now) != Some(true)
    }

    /// Returns the last day of the subscription, `YYYY-MM-DD`, or `None` if it goes on until it is cancelled.
    ///
    /// A subscription that was cancelled for the end of its period remains `active` and has this day.
    ///
    /// ```
    /// use kelviq_core::Subscription;
    ///
    /// fn line(subscription: &Subscription) -> String {
    ///     match subscription.ends_on() {
    ///         Some(day) => format!("ends on {day}"),
    ///         None => "renews automatically".to_owned(),
    ///     }
    /// }
    /// ```
    pub fn ends_on(&self) -> Option<&TimeText> {
        let end = self.end_date.as_ref();
        end.filter(|end| !end.trim().is_empty())
    }

    /// Returns `true` if the subscription was replaced by a newer record of the customer, e.g. when the plan was changed. It then
    /// says nothing about the customer's access: the newer record does.
    ///
    /// ```
    /// use kelviq_core::Subscription;
    ///
    /// fn current(subscriptions: Vec<Subscription>) -> Vec<Subscription> {
    ///     subscriptions.into_iter().filter(|subscription| !subscription.is_superseded()).collect()
    /// }
    /// ```
    pub fn is_superseded(&self) -> bool {
        self.status == Some(SubscriptionStatus::Superseded)
    }

    /// Returns whether the end date is over, or `None` if there is none that can be read.
    fn has_ended(&self, now: SystemTime) -> Option<bool> {
        let end = self.ends_on()?.trim();
        // A time outside of jiff's range is later than any end date.
        let now = Timestamp::try_from(now).unwrap_or(Timestamp::MAX);
        if let Ok(end) = end.parse::<Timestamp>() {
            return Some(end <= now);
        }
        let last_day: Date = end.parse().ok()?;
        Some(last_day < Offset::UTC.to_datetime(now).date())
    }
}
