//! The builder of a checkout.

use std::{fmt, hash::Hash};

use kelviq_core::{CheckoutPlan, CheckoutProblem, Metadata, MetadataError, ToMetadata};

use super::{
    item::Item,
    purchase::{Purchase, PurchaseKey},
    redirect::CheckoutRedirect,
};
use crate::{
    reference::Reference,
    rejection::{Operation, Rejection},
    request::context::RequestContext,
};

/// A builder for a checkout, created with [`Checkout::plan`](crate::Checkout::plan). The request to Kelviq is sent by
/// [`redirect`](Self::redirect).
///
/// ```
/// use kelviq_axum::{Checkout, CheckoutRedirect, Rejection};
/// use kelviq_core::{ChargePeriod, CheckoutMetadata};
///
/// #[derive(CheckoutMetadata)]
/// struct OrderMetadata {
///     order_ref: String,
/// }
///
/// async fn buy(checkout: Checkout) -> Result<CheckoutRedirect, Rejection> {
///     let order = OrderMetadata { order_ref: checkout.reference().to_string() };
///     checkout
///         .plan("team", ChargePeriod::Yearly)
///         .customer_id("cust_789")
///         .quantity("seats", 5)
///         .metadata(order)
///         .success_path("/thanks")
///         .lock_email(true)
///         .redirect()
///         .await
/// }
/// ```
#[must_use = "a checkout is not started before `redirect`"]
pub struct CheckoutBuilder {
    pub(super) context: RequestContext,
    pub(super) plan: CheckoutPlan,
    pub(super) item: Item,
    pub(super) customer_id: Option<String>,
    pub(super) lock_email: Option<bool>,
    metadata: Option<Result<Metadata, MetadataError>>,
    pub(super) success_path: String,
    pub(super) cancel_path: Option<String>,
    purchase_key: PurchaseKey,
}

impl CheckoutBuilder {
    pub(crate) fn new(context: RequestContext, plan: CheckoutPlan, item: Item) -> Self {
        Self {
            context,
            plan,
            item,
            customer_id: None,
            lock_email: None,
            metadata: None,
            success_path: "/".into(),
            cancel_path: None,
            purchase_key: PurchaseKey::default(),
        }
    }

    /// Sets `customerId`: the application's own id of the buyer. If unset, Kelviq creates a customer.
    ///
    /// Two clicks with the same id within 5 s can [share a session](Self::redirect), so the id must identify a person, not
    /// an organisation.
    pub fn customer_id(mut self, customer_id: impl Into<String>) -> Self {
        self.customer_id = Some(customer_id.into());
        self
    }

    /// Sets `lockEmail`: whether the email address on the checkout page is read-only. Kelviq's default is `false`.
    pub fn lock_email(mut self, lock_email: bool) -> Self {
        self.lock_email = Some(lock_email);
        self
    }

    /// Sets the quantity of a feature, e.g. 5 `seats`.
    pub fn quantity(self, feature: impl Into<String>, quantity: u32) -> Self {
        self.with(|plan| plan.quantity(feature, quantity))
    }

    /// Sets `metadata`, which Kelviq includes unchanged in `checkout.completed`.
    pub fn metadata(mut self, metadata: impl ToMetadata) -> Self {
        self.metadata = Some(metadata.to_metadata());
        self
    }

    pub(crate) fn with_purchase_key(mut self, key: PurchaseKey) -> Self {
        self.purchase_key = key;
        self
    }

    /// Sets the path that the buyer returns to after paying, such as `/thanks`. The default is `/`.
    ///
    /// It is joined to the shop's public URL, and the checkout's [`reference`](crate::Checkout::reference) is added as a
    /// query parameter.
    pub fn success_path(mut self, path: impl Into<String>) -> Self {
        self.success_path = path.into();
        self
    }

    /// Sets the path that the buyer returns to without paying. If unset, Kelviq's default cancel behaviour applies.
    ///
    /// Like on the success path, the checkout's [`reference`](crate::Checkout::reference) is added as a query parameter, so that
    /// the page can find the order that was not paid.
    pub fn cancel_path(mut self, path: impl Into<String>) -> Self {
        self.cancel_path = Some(path.into());
        self
    }

    /// Sets a key that tells this purchase apart from others of the same customer, e.g. the id of the workspace that it is
    /// for.
    ///
    /// It is not sent to Kelviq. See [`redirect`](Self::redirect).
    ///
    /// ```
    /// # use kelviq_axum::{Checkout, CheckoutRedirect, Rejection};
    /// # use kelviq_core::{ChargePeriod, CheckoutMetadata};
    /// #[derive(CheckoutMetadata)]
    /// struct OrderMetadata<'a> {
    ///     workspace: &'a str,
    /// }
    ///
    /// async fn buy(checkout: Checkout, customer: &str, workspace: &str) -> Result<CheckoutRedirect, Rejection> {
    ///     checkout
    ///         .plan("team", ChargePeriod::Yearly)
    ///         .customer_id(customer)
    ///         .purchase_key(workspace)
    ///         .metadata(OrderMetadata { workspace })
    ///         .redirect()
    ///         .await
    /// }
    /// ```
    pub fn purchase_key(mut self, key: impl Hash) -> Self {
        self.purchase_key = PurchaseKey::of(&key);
        self
    }

    /// Changes other fields of the plan, e.g. `.with(|plan| plan.discount_code("WELCOME20"))`.
    pub fn with(mut self, change: impl FnOnce(CheckoutPlan) -> CheckoutPlan) -> Self {
        self.plan = change(self.plan);
        self
    }

    /// Creates the checkout session and returns the redirect to its page.
    ///
    /// With a [`customer_id`](Self::customer_id), a double click creates one session: within 5 s, another request for the
    /// same purchase gets the session of the first one, with that one's metadata and reference. Two purchases are the same
    /// if everything that is sent to Kelviq is the same, except for the metadata, the client IP address and the
    /// [`reference`](crate::Checkout::reference), and if their requests have the same path and they have the same
    /// [`purchase_key`](Self::purchase_key). The metadata does not tell purchases apart, because it often contains the reference, which differs for every click; use
    /// the key. The reference of the session is [`CheckoutRedirect::reference`].
    ///
    /// # Errors
    ///
    /// Returns a [`Rejection`] for the response if a path, the metadata or a field of the plan is invalid, if Kelviq
    /// creates no session, or if the session's URL has a host that is not allowed. The cause is logged, with the
    /// checkout's reference. If Kelviq declines the discount code, the problem is
    /// [`InvalidDiscountCode`](CheckoutProblem::InvalidDiscountCode).
    pub async fn redirect(mut self) -> Result<CheckoutRedirect, Rejection> {
        let metadata = self.metadata.take();
        self.redirect_with(|_| metadata).await
    }

    /// Creates the session like [`redirect`](Self::redirect). `metadata` is called once per session, with its reference.
    pub(crate) async fn redirect_with(
        self,
        metadata: impl FnOnce(&Reference) -> Option<Result<Metadata, MetadataError>> + Send + 'static,
    ) -> Result<CheckoutRedirect, Rejection> {
        let Some(purchase) = self.purchase()? else {
            return self.create(metadata).await;
        };
        let format = self.context.format;
        let shop = self.context.shop.clone();
        let reference = self.context.reference.clone();
        let single_flight = shop.single_flight().clone();
        match single_flight.share(purchase, self.create(metadata)).await {
            Ok(Ok(redirect)) => {
                if redirect.reference != reference {
                    tracing::info!(
                        reference = %redirect.reference,
                        session_id = redirect.session_id,
                        "another click for the same purchase got the same session"
                    );
                }
                // The first click may have requested another format.
                Ok(redirect.with_format(format))
            }
            Ok(Err(rejection)) => Err(rejection.with_format(format)),
            Err(error) => {
                tracing::error!(%reference, %error, "the task that creates a checkout session panicked");
                let (operation, problem) = (Operation::Checkout, CheckoutProblem::Internal);
                Err(
                    Rejection::new(operation, problem, format, shop.public_path())
                        .with_reference(reference),
                )
            }
        }
    }

    /// Returns the purchase, if clicks for it share a session: without a customer, they do not.
    fn purchase(&self) -> Result<Option<Purchase>, Rejection> {
        if self.customer_id.is_none() {
            return Ok(None);
        }
        let request = self.request(None)?;
        // An invalid request is reported when the session is created.
        let json = request.to_json().ok();
        Ok(json.map(|json| Purchase::new(&json, &self.item, self.purchase_key.clone())))
    }
}

/// Omits the customer.
impl fmt::Debug for CheckoutBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckoutBuilder")
            .field("plan", &self.plan)
            .field("success_path", &self.success_path)
            .field("cancel_path", &self.cancel_path)
            .finish_non_exhaustive()
    }
}
