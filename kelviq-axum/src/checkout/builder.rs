//! The builder of a checkout.

use std::{fmt, hash::Hash};

use kelviq_core::{
    CheckoutPlan, CheckoutProblem, CreateCheckoutSession, Metadata, MetadataError, MetadataWriter,
    ToMetadata,
};
use url::Url;

use super::{
    item::Item,
    purchase::{Purchase, PurchaseKey},
    redirect::CheckoutRedirect,
};
use crate::{
    address::path::join,
    reference::Reference,
    rejection::{Rejection, problem_of},
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
    context: RequestContext,
    plan: CheckoutPlan,
    item: Item,
    customer_id: Option<String>,
    lock_email: Option<bool>,
    metadata: Option<Result<Metadata, MetadataError>>,
    success_path: String,
    cancel_path: Option<String>,
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
    /// checkout's reference.
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
        let failed = self.context.reject(CheckoutProblem::Internal);
        let reference = self.context.reference.clone();
        let single_flight = self.context.shop.single_flight().clone();
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
                Err(failed)
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

    async fn create(
        self,
        metadata: impl FnOnce(&Reference) -> Option<Result<Metadata, MetadataError>>,
    ) -> Result<CheckoutRedirect, Rejection> {
        let request = self.request_with(metadata(&self.context.reference))?;
        let context = self.context;
        let reference = &context.reference;
        let (offer, plan) = (self.item.offer(), self.item.plan());
        let session = context
            .shop
            .kelviq()
            .create_checkout_session(&request)
            .await
            .map_err(|error| {
                tracing::error!(
                    %reference,
                    offer,
                    plan,
                    status = error.status(),
                    error = &error as &dyn std::error::Error,
                    "no checkout session was created"
                );
                context.reject(problem_of(&error)).with_error(error)
            })?;
        let session_id = session.checkout_session_id;
        let checkout_url = context
            .shop
            .validate_redirect(&session.checkout_url)
            .map_err(|problem| {
                tracing::error!(
                    %reference,
                    session_id,
                    offer,
                    plan,
                    problem,
                    "the URL of the checkout session is invalid"
                );
                context.reject(CheckoutProblem::Upstream)
            })?;
        tracing::info!(%reference, session_id, offer, plan, "checkout session created");
        let sessions = context.shop.sessions();
        sessions.insert(reference.clone(), session_id.clone());
        Ok(CheckoutRedirect {
            checkout_url,
            session_id,
            reference: context.reference,
            format: context.format,
        })
    }

    /// Returns the request with the reference, the client IP address and the metadata.
    fn request_with(
        &self,
        metadata: Option<Result<Metadata, MetadataError>>,
    ) -> Result<CreateCheckoutSession, Rejection> {
        let mut request = self.request(Some(&self.context.reference))?;
        if let Some(address) = self.context.client_ip {
            request = request.ip_address(address);
        }
        if let Some(metadata) = metadata {
            request = request.metadata(SerializedMetadata(metadata));
        }
        Ok(request)
    }

    /// Returns the part of the request that tells purchases apart, with the reference in its URLs if there is one.
    fn request(&self, reference: Option<&Reference>) -> Result<CreateCheckoutSession, Rejection> {
        let success_url = self.url(&self.success_path, reference)?;
        let mut request = CreateCheckoutSession::new(self.plan.clone(), success_url);
        if let Some(customer_id) = &self.customer_id {
            request = request.customer_id(customer_id);
        }
        if let Some(lock_email) = self.lock_email {
            request = request.lock_email(lock_email);
        }
        if let Some(path) = &self.cancel_path {
            request = request.cancel_url(self.url(path, reference)?);
        }
        Ok(request)
    }

    fn url(&self, path: &str, reference: Option<&Reference>) -> Result<Url, Rejection> {
        let mut url = join(&self.context.base, path).ok_or_else(|| {
            tracing::error!(
                reference = %self.context.reference,
                offer = self.item.offer(),
                plan = self.item.plan(),
                path,
                "a success or cancel path must begin with / and must not have a query parameter `reference`"
            );
            self.context.reject(CheckoutProblem::Internal)
        })?;
        if let Some(reference) = reference {
            url.query_pairs_mut()
                .append_pair(Reference::PARAMETER, reference.as_str());
        }
        Ok(url)
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

/// Metadata that is serialized already. An error is reported with the other invalid fields of the request.
struct SerializedMetadata(Result<Metadata, MetadataError>);

impl ToMetadata for SerializedMetadata {
    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
        self.to_metadata()?.write_metadata(writer)
    }

    fn to_metadata(&self) -> Result<Metadata, MetadataError> {
        self.0.clone()
    }
}
