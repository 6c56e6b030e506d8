//! The success page.

use std::fmt::Display;

use kelviq_core::__internal::is_reference;
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::order_polling::poll_order;
use crate::{
    lookup::{LOOKUP_ATTRIBUTE, Lookup, REFERENCE_ATTRIBUTE},
    platform::{current_page, reference_of_page, render_first_lookup},
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
/// `unconfirmed`, and polls less often. Screen readers announce the changes.
///
/// # Reference
///
/// `reference` defaults to [`use_reference`], which follows the URL of the page. If it changes, the component looks up
/// the other order. An application with another URL sets it:
///
/// ```
/// # use kelviq_leptos::CheckoutStatus;
/// # use leptos::prelude::*;
/// # #[server]
/// # async fn find_order(reference: String) -> Result<Option<String>, ServerFnError> { Ok(None) }
/// # fn use_order_in_path() -> Memo<Option<String>> { Memo::new(|_| None) }
/// # let _ = || {
/// let reference = use_order_in_path();
/// view! {
///     <CheckoutStatus order=find_order reference=move || reference.get() let:order>
///         <h1>"Thank you for " {order}</h1>
///     </CheckoutStatus>
/// }
/// # };
/// ```
///
/// # Attributes
///
/// Attributes are added to the `<div role="status">` around the content.
///
/// # Without JavaScript
///
/// The page reloads itself, by a `<meta http-equiv="refresh">` in a `<noscript>`. The server delays the response to a
/// reload until the order is found, at most for a few seconds. After a minute, the page reloads once a minute, for an
/// hour.
///
/// Meanwhile the server looks up the order twice a second, or only when its event was handled, with
/// `kelviq_axum::Webhooks::shop`. Anyone can invent references. Therefore only responses for checkouts that the shop has in
/// memory or in its store are delayed. For all others the order is looked up once. If it is not found, the page reloads
/// after 3 s if there is no store or it failed, because another process can have created the checkout. Otherwise the page
/// shows `unconfirmed`.
///
/// # Server-side rendering
///
/// The server waits up to a second for the order before it renders the page. The order is in the HTML in place, also in
/// an out-of-order stream. Inside of an `<Await>`, a `<Suspense>` or a `<Transition>`, it is where that puts it: in an
/// out-of-order stream in a `<template>`, so that the page stays blank without JavaScript.
#[component]
pub fn CheckoutStatus<T, E, Order, Found, Chil, V>(
    /// Looks up the order by the checkout's reference. Returns `None` if the order is not known yet.
    order: Order,
    /// The checkout's reference. A string or a signal. Defaults to [`use_reference`].
    #[prop(into, optional)]
    reference: Option<Signal<Option<String>>>,
    /// The content while the order is not known.
    #[prop(into, default = default_waiting.into())]
    waiting: ViewFn,
    /// The content after a minute, or if the URL has no reference, or one that is not in the store. It must not say that nothing was paid.
    #[prop(into, default = default_unconfirmed.into())]
    unconfirmed: ViewFn,
    /// Whether the page is hydrated. Set it to `false` in an application without scripts: the page then reloads itself in
    /// a browser with JavaScript too.
    #[prop(default = true)]
    hydrated: bool,
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
    let reference = reference.unwrap_or_else(use_reference);
    let reference = Memo::new(move |_| reference.get().filter(|text| is_reference(text)));
    let first_reference = reference.get_untracked();
    let show = move |lookup| match lookup {
        Lookup::Waiting => waiting.run(),
        Lookup::Found(order) => children(order).into_any(),
        Lookup::Unconfirmed => unconfirmed.run(),
    };
    render_first_lookup(order.clone(), first_reference.clone(), move |first| {
        let lookup = RwSignal::new(first.lookup);
        let rendered_reference = first_reference.clone();
        Effect::new(move |previous: Option<Option<String>>| {
            let reference = reference.get();
            if reference != previous.unwrap_or_else(|| first_reference.clone()) {
                lookup.set(match reference {
                    Some(_) => Lookup::Waiting,
                    None => Lookup::Unconfirmed,
                });
            }
            let is_found = lookup.with_untracked(|lookup| matches!(lookup, Lookup::Found(_)));
            if let Some(reference) = reference.clone().filter(|_| !is_found) {
                poll_order(order.clone(), reference, lookup);
            }
            reference
        });
        // The `<noscript>` has no children that the browser would hydrate, because they are text there.
        let reload = first.reload_after;
        let reload_with_javascript = reload
            .filter(|_| !hydrated)
            .map(|seconds| view! { <meta http-equiv="refresh" content=seconds/> });
        let reload =
            reload.map(|seconds| format!(r#"<meta http-equiv="refresh" content="{seconds}">"#));
        let state = view! { <noscript inner_html=reload></noscript> }
            .attr(
                REFERENCE_ATTRIBUTE,
                first.json.as_ref().and(rendered_reference),
            )
            .attr(LOOKUP_ATTRIBUTE, first.json);
        view! { <div role="status">{state} {reload_with_javascript} {move || show(lookup.get())}</div> }
    })
}

/// Returns the checkout's reference in the URL of the page, `?reference=…`. It is `None` if the URL has no reference or
/// an invalid one.
///
/// The signal follows the URL of the router if the feature `router` is enabled and there is a router. Otherwise it
/// follows the address when the buyer goes back or forward.
///
/// ```
/// use kelviq_leptos::use_reference;
/// use leptos::prelude::*;
///
/// #[component]
/// fn YourReference() -> impl IntoView {
///     view! { <p>"Reference " <code>{use_reference()}</code></p> }
/// }
/// ```
pub fn use_reference() -> Signal<Option<String>> {
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
