//! What happens before a checkout session is created.

use std::time::Duration;

use futures_util::future::join;
use kelviq_core::{CheckoutProblem, CustomerProfile};
use tokio::time::timeout;
use url::Url;

use super::builder::CheckoutBuilder;
use crate::{
    customers::subscribed_plan::{Subscribed, find_subscription},
    failure_log::log_failure,
    rejection::{Rejection, problem_of},
};

/// Maximum time to wait for Kelviq before the session is created.
const PREPARATION_TIMEOUT: Duration = Duration::from_secs(5);

impl CheckoutBuilder {
    /// Writes the customer's profile at Kelviq, and refuses a customer who has one of the refused plans.
    pub(super) async fn prepare(&mut self) -> Result<(), Rejection> {
        let portal_path = self.portal_path.as_ref();
        let portal_url = portal_path.map(|path| self.url(path)).transpose()?;
        if let Some(problem) = self.refused_plans.problem() {
            let reference = &self.context.reference;
            tracing::error!(%reference, plan = self.item.plan(), "{problem}");
            return Err(self.context.reject(CheckoutProblem::Internal));
        }
        let Some(customer) = &self.customer else {
            if self.item.plan().is_some() && !self.refused_plans.is_none() {
                tracing::warn!(
                    reference = %self.context.reference,
                    plan = self.item.plan(),
                    "a checkout without a customer was not checked for subscriptions; call `customer`, or omit \
                     `refuse_subscribers` for buyers without an id"
                );
            }
            return Ok(());
        };
        if self.refused_plans.is_none() && !customer.has_email() && !customer.has_name() {
            return Ok(());
        }
        let shop = &self.context.shop;
        let (limit, reference) = (PREPARATION_TIMEOUT, &self.context.reference);
        let write = shop
            .profiles()
            .write(shop.kelviq(), customer, limit, reference);
        // The profile of a refused customer is written too, because the customer portal requires an email address.
        let refuse = self.refuse_subscriber(customer, portal_url);
        // Boxed, because it is large and most sales do not need it.
        let (is_written, refused) = Box::pin(join(write, refuse)).await;
        if customer.has_email() && !is_written {
            // The field could be empty.
            self.lock_email = None;
        }
        refused
    }

    async fn refuse_subscriber(
        &self,
        customer: &CustomerProfile,
        portal_url: Option<Url>,
    ) -> Result<(), Rejection> {
        if self.refused_plans.is_none() {
            return Ok(());
        }
        let context = &self.context;
        let (reference, offer, plan) = (&context.reference, self.item.offer(), self.item.plan());
        let is_refused = |plan: &str| self.refused_plans.contains(plan, self.plan.identifier());
        let subscribed =
            find_subscription(context.shop.kelviq(), customer.customer_id(), is_refused);
        let Ok(subscribed) = timeout(PREPARATION_TIMEOUT, subscribed).await else {
            tracing::error!(
                %reference,
                offer,
                plan,
                "timeout while listing the customer's subscriptions; no checkout session was created"
            );
            return Err(context.reject(CheckoutProblem::Timeout));
        };
        let subscribed = subscribed.map_err(|error| {
            log_failure!(
                error,
                &error,
                { %reference, offer, plan, },
                "the customer's subscriptions were not listed; no checkout session was created"
            );
            context.reject(problem_of(&error)).with_error(error)
        })?;
        let subscribed = match subscribed {
            Subscribed::No => return Ok(()),
            Subscribed::To(plan) => plan,
            Subscribed::Unknown => {
                tracing::error!(
                    %reference,
                    offer,
                    plan,
                    "the customer has a subscription whose plan is missing in Kelviq's answer; no checkout session was created"
                );
                return Err(context.reject(CheckoutProblem::Upstream));
            }
        };
        tracing::info!(
            %reference,
            offer,
            plan,
            subscribed_plan = subscribed,
            "refused a customer who has a subscription already"
        );
        let rejection = context.reject(CheckoutProblem::AlreadySubscribed);
        Err(match &portal_url {
            Some(url) => rejection.with_portal_url(url),
            None => rejection,
        })
    }
}
