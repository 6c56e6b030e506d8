//! A sign for the tests.

use leptos::prelude::*;

/// At the end of a page: says on the page's root that the browser's side has taken the page over, up to here.
#[cfg_attr(feature = "islands", island)]
#[cfg_attr(not(feature = "islands"), component)]
pub(super) fn Ready(
    /// The name of the page.
    page: String,
) -> impl IntoView {
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            // It fails for names that are none of an attribute.
            let _ = root.set_attribute("data-ready", &page);
        }
    });
}
