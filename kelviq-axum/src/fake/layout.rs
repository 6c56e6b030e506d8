//! The layout of the pages, and parts that they share.

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Returns a page without scripts and external resources.
pub(super) fn layout(title: &str, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " – test checkout" }
                // Browsers request /favicon.ico unless the page names an icon.
                link rel="icon" href="data:,";
                style { (PreEscaped(include_str!("hosted_page.css"))) }
            }
            body {
                header { p { strong { "Test checkout" } " — no real payments are made" } }
                main { (main) }
                footer { "Served by FakeKelviq, a local fake of Kelviq." }
            }
        }
    }
}

/// Returns a row of a list.
pub(super) fn row(name: &str, value: &str) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}
