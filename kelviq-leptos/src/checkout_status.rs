//! What the buyer sees after paying.

use std::{fmt::Display, time::Duration};

use leptos::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    plain_form::page,
    watch::{call_the_reload_off, watch},
};

/// After this time the page says that it has no confirmation.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// What was found out last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Look<T> {
    Waiting {
        /// Whether the browser was asked to load the page again.
        reloads: bool,
    },
    Found(T),
    GaveUp,
}

/// On the success page: says that the payment is being confirmed until the application knows the order, then shows it.
///
/// A visit to the success page proves nothing; the signed webhook does, and it may come a moment after the buyer. `order`
/// looks the order up by the checkout's reference, which stands in the page's address, and in the metadata of an
/// application that put it there. It is an ordinary server function:
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
///     Ok(None) // in earnest: what the webhook has recorded
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
/// Without JavaScript the page loads itself again, and the server holds that back until there is news; with it, the page
/// asks by itself and changes in place. After a minute it says that it has no confirmation so far. Changes are in a
/// `role="status"`, so that they are read out.
///
/// It decides by itself what the page begins with: in an `<Await>`, a `Suspend` or a `<Suspense>` of the application's, a page
/// without JavaScript would stay blank while it waits.
#[component]
pub fn CheckoutStatus<T, E, Order, Found, Chil, V>(
    /// Looks an order up by the checkout's reference: `None` as long as it is not known.
    order: Order,
    /// The checkout's reference. By default it is read from the address that the page was loaded with; where a router
    /// changes the page without loading it, it is the router that knows the address.
    #[prop(into, optional)]
    reference: Option<String>,
    /// What is shown meanwhile.
    #[prop(into, default = default_waiting.into())]
    waiting: ViewFn,
    /// What is shown after a minute, and when the address has no reference: it must not say that nothing was paid.
    #[prop(into, default = default_unconfirmed.into())]
    unconfirmed: ViewFn,
    /// What was bought.
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
        // Blocking: the headers ask the browser to load the page again.
        Resource::new_blocking(
            || (),
            move |()| first_look(order.clone(), reference.clone()),
        )
    };
    let show = move |look| match look {
        Look::Waiting { .. } => waiting.run(),
        Look::Found(order) => children(order).into_any(),
        Look::GaveUp => unconfirmed.run(),
    };
    // Without a <Suspense>, whose own tasks can be later than the resource: a stream would then begin without the status,
    // and bring it in a <template> that only a script unpacks.
    Suspend::new(async move {
        let look = RwSignal::new(first.await);
        Effect::new(move |_| {
            let Look::Waiting { reloads } = look.get_untracked() else {
                return;
            };
            if reloads {
                call_the_reload_off();
            }
            if let Some(reference) = reference.clone() {
                watch(order.clone(), reference, look);
            }
        });
        view! { <div role="status">{move || show(look.get())}</div> }
    })
}

/// On the server, a look that takes its time. A page of the browser's own making goes on to look in a moment.
fn first_look<T, E: Display, F>(
    order: impl Fn(String) -> F,
    reference: Option<String>,
) -> impl Future<Output = Look<T>>
where
    F: Future<Output = Result<Option<T>, E>>,
{
    #[cfg(feature = "ssr")]
    {
        crate::server::first_look(order, reference)
    }
    #[cfg(not(feature = "ssr"))]
    {
        drop(order);
        std::future::ready(reference.map_or(Look::GaveUp, |_| Look::Waiting { reloads: false }))
    }
}

/// The checkout's reference in the address that the page was loaded with, `?reference=…`; `None` when there is none, or
/// something else.
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
    #[cfg(feature = "ssr")]
    {
        crate::server::reference_of_page()
    }
    #[cfg(not(feature = "ssr"))]
    {
        crate::browser::reference_of_page()
    }
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
        // A router would not load the page that is open already.
        <p><a href=page() rel="external">"Look again"</a></p>
    }
}
