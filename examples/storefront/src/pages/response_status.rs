//! The HTTP status of a page.

/// Sets the response status while the server renders a page. Has no effect in the browser.
pub(super) fn set_status(status: u16) {
    #[cfg(feature = "ssr")]
    {
        use axum::http::StatusCode;
        use leptos::prelude::use_context;
        use leptos_axum::ResponseOptions;

        if let (Some(response), Ok(status)) = (use_context(), StatusCode::from_u16(status)) {
            ResponseOptions::set_status(&response, status);
        }
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}
