//! The entitlements of the visitor.

use std::{error::Error, sync::Arc};

use axum::http::request::Parts;
use kelviq_core::{CheckoutProblem, Entitlements};
use leptos::prelude::use_context;

use super::{context::LayerContext, reference::new_reference, response::problem_of_status};
use crate::checkout_error::CheckoutError;

/// Returns what the visitor may use, in a server function or in a resource of a page that the server renders.
///
/// The customer is the buyer of [`CheckoutLayer`](crate::CheckoutLayer). A visitor whom the buyer's extractor sends away, with a
/// redirect or a status 4xx such as 401, is not signed in and has no entitlements. Neither has a buyer without a customer id.
/// The entitlements are cached, and all calls for a page share a request to Kelviq. See
/// [`Shop::entitlements`](kelviq_axum::Shop::entitlements).
///
/// A page shows the feature, or a button that sells it:
///
/// ```
/// use kelviq_leptos::{CheckoutButton, CheckoutError};
/// use leptos::prelude::*;
///
/// #[server]
/// async fn may_use_analytics() -> Result<bool, CheckoutError> {
///     Ok(kelviq_leptos::entitlements().await?.has("analytics"))
/// }
///
/// #[component]
/// fn Analytics() -> impl IntoView {
///     let may_use = Resource::new_blocking(|| (), |()| may_use_analytics());
///     view! {
///         <Suspense>
///             {move || Suspend::new(async move {
///                 match may_use.await {
///                     Ok(true) => view! { <p>"42 visitors today"</p> }.into_any(),
///                     Ok(false) => {
///                         view! {
///                             <p>"Analytics is part of Pro."</p>
///                             <CheckoutButton offer="pro-monthly">"Upgrade"</CheckoutButton>
///                         }
///                             .into_any()
///                     }
///                     Err(_) => {
///                         view! { <p>"We cannot check your plan at the moment. Please try again."</p> }
///                             .into_any()
///                     }
///                 }
///             })}
///         </Suspense>
///     }
/// }
/// ```
///
/// The view only decides what is shown. A server function that returns data of the feature checks the entitlements itself:
///
/// ```
/// use kelviq_leptos::{CheckoutError, CheckoutProblem};
/// use leptos::prelude::*;
///
/// #[server]
/// async fn visitors_today() -> Result<u64, CheckoutError> {
///     if !kelviq_leptos::entitlements().await?.has("analytics") {
///         return Err(CheckoutProblem::FeatureNotIncluded.into());
///     }
///     Ok(42)
/// }
/// ```
///
/// A page that shows them depends on the visitor. It cannot be rendered in advance (`SsrMode::Static`), and a cache in front of
/// the application must not keep it.
///
/// # Errors
///
/// Returns an error if Kelviq rejects the request, or is unavailable and no recent entitlements are cached, if the buyer's
/// extractor responds with 429 or 5xx, or if [`CheckoutLayer`](crate::CheckoutLayer) is missing. The cause is logged with the
/// error's reference. The status of a page that is rendered does not change.
pub async fn entitlements() -> Result<Arc<Entitlements>, CheckoutError> {
    let mut parts = use_context::<Parts>();
    let context = LayerContext::from_parts(parts.as_ref());
    let (Some(parts), Some(context)) = (&mut parts, context) else {
        return Err(CheckoutProblem::Internal.into());
    };
    let customer_id = match context.offers.customer_id(parts).await {
        Ok(customer_id) => customer_id,
        Err(response) => match problem_of_status(response.status()) {
            CheckoutProblem::BuyerRefused => None,
            problem => {
                let reference = new_reference();
                let status = response.status().as_u16();
                tracing::warn!(
                    reference,
                    status,
                    "the entitlements are not known: the buyer's extractor failed"
                );
                return Err(CheckoutError::from(problem).with_reference(reference));
            }
        },
    };
    let Some(customer_id) = customer_id else {
        return Ok(Arc::default());
    };
    let entitlements = context.offers.shop().entitlements(&customer_id).await;
    entitlements.map_err(|error| {
        let reference = new_reference();
        let cause = error.source().unwrap_or(&error);
        tracing::error!(reference, error = cause, "the entitlements are not known");
        CheckoutError::from(error.problem()).with_reference(reference)
    })
}
