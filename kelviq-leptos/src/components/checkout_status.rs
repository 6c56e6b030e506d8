//! The success page.

use std::fmt::Display;

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::order_polling::{cancel_reload, poll_order};
use crate::{
    lookup::Lookup,
    platform::{current_page, first_lookup, reference_of_page},
};

/// The content of the success page: a message while the payment is being confirmed, then the order.
///
/// A visit to the success page does not prove a payment. The signed webhook does, and it can arrive after the buyer.
/// `order` looks up the order by the checkout's reference, which is in the URL of the success page. The application can
/// put the same reference into the checkout's metadata, so that the webhook's handler stores it with the order.
///
/// # Usage
///
/// `order` is a server function of the application:
///
/// ```
/// use kelviq_leptos::CheckoutStatus;
/// use leptos::prelude::*;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Serialize, Deserialize)]
/// struct Order {
///     title: String,
/// }
///
/// #[server]
/// async fn find_order(reference: String) -> Result<Option<Order>, ServerFnError> {
///     Ok(None) // an application reads the order that its webhook handler stored
/// }
///
/// #[component]
/// fn Thanks() -> impl IntoView {
///     view! {
///         <CheckoutStatus order=find_order let:order>
///             <h1>"Thank you"</h1>
///             <p>{order.title}</p>
///         </CheckoutStatus>
///     }
/// }
/// ```
///
/// With JavaScript, the page polls for the order and changes in place. After a minute without an order it shows
/// `unconfirmed`. Screen readers announce the changes.
///
/// # Attributes
///
/// Attributes are added to the `<div role="status">` around the content.
///
/// # Without JavaScript
///
/// The page reloads itself. The server delays the response to a reload until the order is found, at most for a few
/// seconds.
///
/// # Server-side rendering
///
/// The server waits up to a second for the order before it renders the page. Do not wrap the component in an `<Await>`, a
/// `Suspend` or a `<Suspense>`: without JavaScript, the page would stay blank while it waits.
#[component]
pub fn CheckoutStatus<T, E, Order, Found, Chil, V>(
    /// Looks up the order by the checkout's reference. Returns `None` if the order is not known yet.
    order: Order,
    /// The checkout's reference. Defaults to the one in the URL that the page was loaded with. Set it from
    /// the router's URL if the page can be reached by client-side navigation, which does not load the page.
    #[prop(into, optional)]
    reference: Option<String>,
    /// The content while the order is not known.
    #[prop(into, default = default_waiting.into())]
    waiting: ViewFn,
    /// The content after a minute, or if the URL has no reference. It must not say that nothing was paid.
    #[prop(into, default = default_unconfirmed.into())]
    unconfirmed: ViewFn,
    /// Renders the order.
    children: Chil,
) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    E: Display + 'static,
    Order: Fn(String) -> Found + Clone + Send + Sync + 'static,
    Found: Future<Output = Result<Option<T>, E>> + Send + 'static,
    Chil: Fn(T) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let reference = reference.or_else(use_reference);
    let first = {
        let (order, reference) = (order.clone(), reference.clone());
        // Blocking, because the lookup sets headers of the response.
        Resource::new_blocking(
            || (),
            move |()| first_lookup(order.clone(), reference.clone()),
        )
    };
    let show = move |lookup| match lookup {
        Lookup::Waiting { .. } => waiting.run(),
        Lookup::Found(order) => children(order).into_any(),
        Lookup::GaveUp => unconfirmed.run(),
    };
    // Not in a <Suspense>: its tasks can finish after the resource. A stream would then begin without the status and
    // send it in a <template>, which only a script can insert.
    Suspend::new(async move {
        let lookup = RwSignal::new(first.await);
        Effect::new(move |_| {
            let Lookup::Waiting { reloads } = lookup.get_untracked() else {
                return;
            };
            if reloads {
                cancel_reload();
            }
            if let Some(reference) = reference.clone() {
                poll_order(order.clone(), reference, lookup);
            }
        });
        view! { <div role="status">{move || show(lookup.get())}</div> }
    })
}

/// Returns the checkout's reference in the URL that the page was loaded with, `?reference=…`.
///
/// Returns `None` if the URL has no reference or an invalid one.
///
/// ```
/// use kelviq_leptos::use_reference;
/// use leptos::prelude::*;
///
/// #[component]
/// fn YourReference() -> impl IntoView {
///     use_reference().map(|reference| view! { <p>"Reference " <code>{reference}</code></p> })
/// }
/// ```
pub fn use_reference() -> Option<String> {
    reference_of_page()
}

fn default_waiting() -> impl IntoView {
    view! {
        <h1>"We are confirming your payment"</h1>
        <p>"This usually takes a few seconds. Your order will appear here by itself."</p>
    }
}

fn default_unconfirmed() -> impl IntoView {
    view! {
        <h1>"We have no confirmation yet"</h1>
        <p>
            "If you have paid, please do not pay again: your payment may still be on its way to us. Look again in a "
            "few minutes, or ask us."
        </p>
        // External, because a router does not reload the current page.
        <p><a href=current_page() rel="external">"Look again"</a></p>
    }
}
