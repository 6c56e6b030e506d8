//! A marker that the tests wait for.

use leptos::prelude::*;

/// Sets the attribute `data-ready` of the root element once the page is hydrated. Placed at the end of a page.
#[cfg_attr(feature = "islands", island)]
#[cfg_attr(not(feature = "islands"), component)]
pub(super) fn HydrationMarker(
    /// The name of the page.
    page: String,
) -> impl IntoView {
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            // Fails only if the name of the attribute is invalid.
            let _ = root.set_attribute("data-ready", &page);
        }
    });
}
