//! The HTML document around the application.

use leptos::prelude::*;
use leptos_meta::MetaTags;

use super::assets::STYLE_PATH;
use crate::pages::layout::ICON_PATH;

/// Wraps `content` in a document. The scripts for hydration are included only if `site` is given.
pub(super) fn document(site: Option<LeptosOptions>, content: AnyView) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href=ICON_PATH type="image/svg+xml"/>
                <link rel="stylesheet" href=STYLE_PATH.as_str()/>
                {site.map(|options| view! {
                    <AutoReload options=options.clone()/>
                    <HydrationScripts options/>
                })}
                <MetaTags/>
            </head>
            <body>{content}</body>
        </html>
    }
}
