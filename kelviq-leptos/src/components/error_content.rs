//! The content below the message for an error.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use leptos::{
    prelude::*,
    reactive::{owner::WeakOwner, send_wrapper_ext::SendOption},
    tachys::view::Mountable,
};
use web_sys::Element;

/// The prop `manage` of a component: the content below a message.
///
/// Created from a function or a closure that returns a view, such as a component without props:
///
/// ```
/// use kelviq_leptos::CheckoutButton;
/// use leptos::prelude::*;
///
/// #[component]
/// fn SeeYourPlan() -> impl IntoView {
///     view! { <a href="/plan">"See your plan"</a> }
/// }
///
/// #[component]
/// fn GoPro() -> impl IntoView {
///     view! { <CheckoutButton offer="pro-monthly" manage=SeeYourPlan>"Go Pro"</CheckoutButton> }
/// }
/// ```
#[derive(Clone)]
pub struct ErrorContent(Arc<dyn Content + Send + Sync>);

impl ErrorContent {
    #[cfg(feature = "ssr")]
    pub(super) fn view(&self) -> AnyView {
        self.0.view()
    }

    /// Adds the content to the alert of a form, in the browser.
    pub(super) fn append_to(&self, alert: &Element) {
        self.0.append_to(alert);
    }
}

/// Without the type of the view, so that a browser has the code only if the application has such content.
trait Content {
    #[cfg(feature = "ssr")]
    fn view(&self) -> AnyView;

    fn append_to(&self, alert: &Element);
}

struct Rendered<F, V: Render> {
    render: F,
    /// The owner of the component. Weak, because the owner has the content.
    owner: Option<WeakOwner>,
    /// The content in the page, which stays reactive until it is replaced.
    in_page: Mutex<SendOption<(Owner, V::State)>>,
}

impl<F, V> Content for Rendered<F, V>
where
    F: Fn() -> V,
    V: RenderHtml,
{
    #[cfg(feature = "ssr")]
    fn view(&self) -> AnyView {
        (self.render)().into_any()
    }

    fn append_to(&self, alert: &Element) {
        let owner = self.owner.as_ref().and_then(WeakOwner::upgrade);
        let (Some(owner), Ok(parent)) = (owner, document().create_element("div")) else {
            return;
        };
        let owner = owner.child();
        let mut content = owner.with(|| (self.render)().build());
        content.mount(&parent, None);
        let _ = alert.append_child(&parent);
        if let Ok(mut in_page) = self.in_page.lock() {
            **in_page = Some((owner, content));
        }
    }
}

impl<F, V> From<F> for ErrorContent
where
    F: Fn() -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    fn from(render: F) -> Self {
        Self(Arc::new(Rendered {
            render: move || render().into_view(),
            owner: Owner::current().map(|owner| owner.downgrade()),
            in_page: Mutex::new(SendOption::new_local(None)),
        }))
    }
}

impl fmt::Debug for ErrorContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorContent").finish_non_exhaustive()
    }
}
