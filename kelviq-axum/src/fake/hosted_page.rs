//! The hosted checkout page: plain HTML and forms, nothing from elsewhere, no JavaScript.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;
use url::{Position, Url};

use super::{
    event::plan_name,
    price::{Origin, Price, decimal},
    sessions::{FakeCheckout, Session},
};

/// What the page says on top after a button was pressed.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Notice {
    Declined,
    NowhereToGoBack,
}

impl Notice {
    /// How the page's address says it.
    pub(super) fn as_query(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::NowhereToGoBack => "not-paid",
        }
    }

    pub(super) fn from_query(query: &str) -> Option<Self> {
        let all = [Self::Declined, Self::NowhereToGoBack];
        all.into_iter().find(|notice| notice.as_query() == query)
    }
}

/// The page on which the buyer pays.
pub(super) fn checkout(session: &Session, notice: Option<Notice>) -> Markup {
    let checkout = &session.checkout;
    let price = &session.price;
    let action = |name: &str| format!("/checkout/{}/{name}", checkout.id);
    let title = match notice {
        Some(Notice::Declined) => "Card declined",
        _ => "Checkout",
    };
    layout(
        title,
        &html! {
            @if let Some(notice) = notice { (banner(notice)) }
            div.checkout {
                section.summary aria-labelledby="plan" {
                    p.shop { "You are buying from " strong { (shop(checkout)) } }
                    h1 #plan { (plan_name(checkout.plan())) }
                    p.price { span.total { (price) } " " span.period { (period(checkout).1) } }
                    @if let Some(note) = origin(price, checkout) { p.note { (note) } }
                    dl { (details(session)) }
                }
                section.payment aria-labelledby="payment" {
                    h2 #payment { "Payment" }
                    div.card {
                        span.chip aria-hidden="true" {}
                        span.number {
                            span aria-hidden="true" { "•••• •••• •••• " }
                            span.spoken { "Card ending in " }
                            "4242"
                        }
                        span.holder { "Test Buyer" }
                        span.expiry { "Test card" }
                    }
                    form method="post" action=(action("pay")) {
                        button.primary type="submit" { "Pay " (price) }
                    }
                    div.others {
                        form method="post" action=(action("decline")) {
                            button type="submit" { "Decline" }
                        }
                        form method="post" action=(action("cancel")) {
                            button type="submit" { "Cancel" }
                        }
                    }
                    p.note {
                        strong { "Pay" } " confirms the order, "
                        strong { "Decline" } " acts as a bank that refuses the card, and "
                        strong { "Cancel" } " goes back to the shop without paying."
                    }
                }
            }
            details {
                summary { "What the shop sent" }
                h2 { "Metadata" }
                pre tabindex="0" { code { (checkout.metadata.as_json()) } }
                h2 { "Request" }
                pre tabindex="0" { code { (checkout.received) } }
            }
        },
    )
}

/// For a session that cannot be paid again.
pub(super) fn finished(session: &Session) -> Markup {
    let checkout = &session.checkout;
    layout(
        "Already paid",
        &html! {
            div.message {
                h1 { "This checkout is finished" }
                p { "It was paid, and cannot be paid a second time." }
                @if let Some(url) = checkout.text("successUrl") {
                    p { a.primary href=(url) rel="noreferrer" { "Back to " (shop(checkout)) } }
                }
            }
        },
    )
}

pub(super) fn not_found() -> Markup {
    layout(
        "Not found",
        &html! {
            div.message {
                h1 { "There is no such checkout" }
                p { "Go back to the shop and start again. A stand-in forgets its checkouts when it is restarted." }
            }
        },
    )
}

/// For the paths that buttons post to, when somebody opens one.
pub(super) fn only_for_buttons() -> Markup {
    layout(
        "Nothing to see",
        &html! {
            div.message {
                h1 { "There is nothing to see here" }
                p { "This is where a button of the checkout page leads. Opening the address does nothing." }
                p { a.primary href="./" { "To the checkout page" } }
            }
        },
    )
}

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
                // Asking for no icon keeps browsers from asking for one.
                link rel="icon" href="data:,";
                style { (PreEscaped(include_str!("hosted_page.css"))) }
            }
            body {
                header { p { strong { "Test checkout" } " — no money moves" } }
                main { (main) }
                footer { "Played by FakeKelviq, a local stand-in for Kelviq." }
            }
        }
    }
}

/// Above everything else: a phone shows the top of the page first.
fn banner(notice: Notice) -> Markup {
    match notice {
        Notice::Declined => html! {
            p.notice.declined role="alert" {
                strong { "Your card was declined." }
                " You have not been charged. Try again or go back to the shop."
            }
        },
        Notice::NowhereToGoBack => html! {
            p.notice role="status" {
                strong { "Nothing was paid." }
                " The shop gave no address to go back to, so this checkout stays open. You can close this page."
            }
        },
    }
}

/// What is bought, by and for whom.
fn details(session: &Session) -> Markup {
    let checkout = &session.checkout;
    html! {
        (row("Plan", checkout.plan()))
        (row("Billing", period(checkout).0))
        @for (identifier, quantity) in features(checkout) {
            (row(&plan_name(identifier), &format!("× {quantity}")))
        }
        @match checkout.text("customerId") {
            Some(customer_id) => (row("Customer", customer_id)),
            None => (row("Customer", "New customer")),
        }
        @if let Some(code) = checkout.text("discountCode") { (row("Discount code", code)) }
        @if let Some(country) = checkout.text("defaultBillingCountry") { (row("Country", country)) }
        @if let Some(days) = checkout.fields.get("trialPeriod").and_then(Value::as_u64) {
            (row("Trial", &format!("{days} days")))
        }
    }
}

pub(super) fn row(name: &str, value: &str) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

fn features(checkout: &FakeCheckout) -> Vec<(&str, u64)> {
    let items = checkout.fields.get("features").and_then(Value::as_array);
    let items = items.map(Vec::as_slice).unwrap_or_default();
    items
        .iter()
        .filter_map(|item| Some((item["identifier"].as_str()?, item["quantity"].as_u64()?)))
        .collect()
}

/// Who sells, as far as it is known: the host that the buyer goes back to.
fn shop(checkout: &FakeCheckout) -> String {
    let success_url = checkout.text("successUrl").map(Url::parse);
    match success_url {
        Some(Ok(url)) => url[Position::BeforeHost..Position::AfterPort].to_owned(),
        _ => "the shop".to_owned(),
    }
}

/// How often the plan is charged, as a value and behind a price.
fn period(checkout: &FakeCheckout) -> (&'static str, &'static str) {
    match checkout.text("chargePeriod") {
        Some("DAILY") => ("Daily", "per day"),
        Some("WEEKLY") => ("Weekly", "per week"),
        Some("TWENTY_EIGHT_DAYS") => ("Every 28 days", "per 28 days"),
        Some("MONTHLY") => ("Monthly", "per month"),
        Some("THREE_MONTHS") => ("Every 3 months", "per 3 months"),
        Some("SIX_MONTHS") => ("Every 6 months", "per 6 months"),
        Some("YEARLY") => ("Yearly", "per year"),
        _ => ("Once", "once"),
    }
}

/// How the price came about.
fn origin(price: &Price, checkout: &FakeCheckout) -> Option<String> {
    Some(match price.origin {
        Origin::Custom if checkout.text("taxBehavior") == Some("INCLUSIVE") => {
            "Tax included.".into()
        }
        Origin::Custom => "Tax is added on top.".into(),
        Origin::Listed { quantity: 1, .. } => return None,
        Origin::Listed { each, quantity } => {
            format!("{quantity} × {} {}", price.currency, decimal(each))
        }
        Origin::Example => "An example price. The real one is set at Kelviq.".into(),
    })
}
