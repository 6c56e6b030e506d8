//! The builder of a checkout.

use std::{convert::Infallible, fmt, future::ready, hash::Hash};

use kelviq_core::{
    CheckoutPlan, CheckoutProblem, CustomerProfile, Metadata, MetadataError, ToMetadata,
};

use super::{
    create_error::CreateError,
    item::Item,
    purchase::{Purchase, PurchaseKey},
    redirect::CheckoutRedirect,
    return_urls::ReturnUrls,
};
use crate::{
    customers::refused_plans::RefusedPlans,
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
///         .customer("cust_789")
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
    pub(super) customer: Option<CustomerProfile>,
    pub(super) lock_email: Option<bool>,
    metadata: Option<Result<Metadata, MetadataError>>,
    pub(super) success_path: String,
    pub(super) cancel_path: Option<String>,
    pub(super) portal_path: Option<String>,
    pub(super) refused_plans: RefusedPlans,
    purchase_key: PurchaseKey,
}

impl CheckoutBuilder {
    pub(crate) fn new(context: RequestContext, plan: CheckoutPlan, item: Item) -> Self {
        Self {
            context,
            plan,
            item,
            customer: None,
            lock_email: None,
            metadata: None,
            success_path: "/".into(),
            cancel_path: None,
            portal_path: None,
            refused_plans: RefusedPlans::None,
            purchase_key: PurchaseKey::default(),
        }
    }

    /// Sets the customer: the application's own id of the buyer (`customerId`), alone or with a profile. If unset, Kelviq creates a
    /// customer.
    ///
    /// A profile with an email address or a name is written at Kelviq before the session is created, as described for
    /// [`Buyer::customer`](crate::Buyer::customer).
    ///
    /// Two clicks with the same id within 5 s can [share a session](Self::redirect), so the id must identify a person, not
    /// an organisation.
    ///
    /// ```
    /// # use kelviq_axum::{Checkout, CheckoutRedirect, Rejection};
    /// # use kelviq_core::ChargePeriod;
    /// use kelviq_core::CustomerProfile;
    ///
    /// # struct User { id: u64, email: String }
    /// async fn buy(checkout: Checkout, user: User) -> Result<CheckoutRedirect, Rejection> {
    ///     checkout
    ///         .plan("pro", ChargePeriod::Monthly)
    ///         .customer(CustomerProfile::new(user.id).email(user.email))
    ///         .lock_email(true)
    ///         .redirect()
    ///         .await
    /// }
    /// ```
    pub fn customer(mut self, customer: impl Into<CustomerProfile>) -> Self {
        self.customer = Some(customer.into());
        self
    }

    /// Refuses a customer who has a subscription of this plan already, like
    /// [`Offer::refuse_subscribers`](crate::Offer::refuse_subscribers).
    ///
    /// The check needs a [`customer`](Self::customer). Without one it is skipped, and the log has a warning: call this method only
    /// for buyers with an id.
    ///
    /// ```
    /// # use kelviq_axum::{Checkout, CheckoutRedirect, Rejection};
    /// # use kelviq_core::ChargePeriod;
    /// async fn buy(checkout: Checkout, user_id: String) -> Result<CheckoutRedirect, Rejection> {
    ///     checkout
    ///         .plan("pro", ChargePeriod::Monthly)
    ///         .customer(user_id)
    ///         .refuse_subscribers()
    ///         .redirect()
    ///         .await
    /// }
    /// ```
    pub fn refuse_subscribers(mut self) -> Self {
        self.refused_plans = RefusedPlans::Own;
        self
    }

    /// Refuses a customer who has a subscription of one of exactly these plans, like
    /// [`Offer::refuse_subscribers_of`](crate::Offer::refuse_subscribers_of). Needs a [`customer`](Self::customer) as well.
    ///
    /// ```
    /// # use kelviq_axum::{Checkout, CheckoutRedirect, Rejection};
    /// # use kelviq_core::ChargePeriod;
    /// async fn buy(checkout: Checkout, user_id: String) -> Result<CheckoutRedirect, Rejection> {
    ///     let plan = checkout.plan("pro", ChargePeriod::Monthly).customer(user_id);
    ///     plan.refuse_subscribers_of(["pro", "team"]).redirect().await
    /// }
    /// ```
    pub fn refuse_subscribers_of<I: Into<String>>(
        self,
        plans: impl IntoIterator<Item = I>,
    ) -> Self {
        self.with_refused_plans(RefusedPlans::these(plans))
    }

    pub(crate) fn with_refused_plans(mut self, plans: RefusedPlans) -> Self {
        self.refused_plans = plans;
        self
    }

    /// Sets `lockEmail`: whether the email address on the checkout page is read-only. Kelviq's default is `false`.
    ///
    /// Lock it only if the [`customer`](Self::customer) has an email address: otherwise, an empty field would be locked.
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

    /// Sets the path of the customer portal, which the page of a customer who
    /// [has a subscription already](Self::refuse_subscribers) links to. See
    /// [`OffersBuilder::portal_path`](crate::OffersBuilder::portal_path).
    pub fn portal_path(mut self, path: impl Into<String>) -> Self {
        self.portal_path = Some(path.into());
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
    ///         .customer(customer)
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
    /// With a [`customer`](Self::customer), a double click creates one session: within 5 s, another request for the
    /// same purchase gets the session of the first one, with that one's metadata and reference. Two purchases are the same
    /// if they refuse the same subscribers, have the same [`purchase_key`](Self::purchase_key) and the same path of the request,
    /// and if all that is sent to Kelviq is the same, except for the customer's email address and name, the metadata, the
    /// client IP address and the [`reference`](crate::Checkout::reference). The metadata does not tell purchases apart, because
    /// it often contains the reference, which differs for every click; use the key. The reference of the session is
    /// [`CheckoutRedirect::reference`].
    ///
    /// Await the future, or drop it: other requests for the same purchase wait for it. If it is dropped, the session is still
    /// created, in another task.
    ///
    /// # Errors
    ///
    /// Returns a [`Rejection`] for the response if a path, the metadata, a field of the plan or the list of
    /// [refused plans](Self::refuse_subscribers_of) is invalid, if Kelviq creates no session, if the session's URL has a host that
    /// is not allowed, or if the customer [has a subscription already](Self::refuse_subscribers). The cause is logged, with the
    /// checkout's reference. If Kelviq declines the discount code, the problem is
    /// [`InvalidDiscountCode`](CheckoutProblem::InvalidDiscountCode).
    pub async fn redirect(self) -> Result<CheckoutRedirect, Rejection> {
        let mut builder = Box::new(self);
        let metadata = ready(Ok::<_, Infallible>(builder.metadata.take()));
        let redirect = builder.redirect_with(metadata).await;
        redirect.map_err(|error| match error {
            CreateError::Rejection(rejection) => rejection,
            CreateError::Metadata(never) => match never {},
        })
    }

    /// Creates the session like [`redirect`](Self::redirect). `metadata` is polled once per session. Clicks that share the
    /// session also share its error.
    ///
    /// The builder is boxed, because a future has space for it in each of its states, and many buyers can wait.
    pub(crate) async fn redirect_with<F: Clone + Send + Sync + 'static>(
        self: Box<Self>,
        metadata: impl Future<Output = Result<Option<Result<Metadata, MetadataError>>, F>>
        + Send
        + 'static,
    ) -> Result<CheckoutRedirect, CreateError<F>> {
        let urls = self.return_urls().map_err(CreateError::Rejection)?;
        let purchase = self.purchase(&urls);
        let format = self.context.format;
        let shop = self.context.shop.clone();
        let reference = self.context.reference.clone();
        // Boxed, because it is large.
        let create = Box::pin(self.create(urls, metadata));
        let Some(purchase) = purchase else {
            return create.await;
        };
        match shop.single_flight().share(purchase, create).await {
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
            Ok(Err(CreateError::Rejection(rejection))) => {
                Err(CreateError::Rejection(rejection.with_format(format)))
            }
            Ok(Err(error)) => Err(error),
            Err(error) => {
                tracing::error!(%reference, error, "panic while creating a checkout session");
                let (operation, problem) = (Operation::Checkout, CheckoutProblem::Internal);
                let rejection = Rejection::new(operation, problem, format, shop.public_path());
                Err(CreateError::Rejection(rejection.with_reference(reference)))
            }
        }
    }

    /// Returns the purchase, if clicks for it share a session: without a customer, they do not.
    fn purchase(&self, urls: &ReturnUrls) -> Option<Purchase> {
        // Lists all fields, so that a new one is not forgotten.
        let Self {
            plan,
            item,
            customer,
            lock_email,
            refused_plans,
            purchase_key,
            // In `urls`.
            success_path: _,
            cancel_path: _,
            // Only on the page of a refused customer.
            portal_path: _,
            // Can differ between two clicks.
            context: _,
            metadata: _,
        } = self;
        let customer_id = customer.as_ref()?.customer_id();
        let purchase = (plan, urls, customer_id, lock_email, item, refused_plans);
        Some(Purchase::new(&purchase, purchase_key.clone()))
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
