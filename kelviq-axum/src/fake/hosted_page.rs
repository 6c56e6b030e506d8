//! The hosted checkout page: HTML and forms without JavaScript or external resources.

use maud::{Markup, html};
use serde_json::Value;
use url::{Position, Url};

use super::{
    currency::decimal,
    customers::customer::{BUYER_EMAIL, BUYER_NAME, Customer},
    layout::{layout, row},
    price::{Origin, Price},
    session::{FakeCheckout, Session, display_name},
};

/// The message at the top of the page after a button was pressed.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Notice {
    Declined,
    NoCancelUrl,
    InvalidEmail,
    /// The email address is missing, and the session locks it.
    LockedEmail,
}

impl Notice {
    /// Returns the query string of the page with this notice.
    pub(super) fn as_query(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::NoCancelUrl => "not-paid",
            Self::InvalidEmail => "invalid-email",
            Self::LockedEmail => "no-email",
        }
    }

    pub(super) fn from_query(query: &str) -> Option<Self> {
        let all = [
            Self::Declined,
            Self::NoCancelUrl,
            Self::InvalidEmail,
            Self::LockedEmail,
        ];
        all.into_iter().find(|notice| notice.as_query() == query)
    }
}

/// The page on which the buyer pays.
pub(super) fn checkout(
    session: &Session,
    customer: Option<&Customer>,
    notice: Option<Notice>,
) -> Markup {
    let checkout = &session.checkout;
    let price = &session.price;
    let action = |name: &str| format!("/checkout/{}/{name}", checkout.id);
    let title = match notice {
        Some(Notice::Declined) => "Card declined",
        Some(Notice::InvalidEmail | Notice::LockedEmail) => "Not paid",
        _ => "Checkout",
    };
    layout(
        title,
        &html! {
            @if let Some(notice) = notice { (banner(notice)) }
            div.checkout {
                section.summary aria-labelledby="plan" {
                    p.shop { "You are buying from " strong { (shop(checkout)) } }
                    h1 #plan { (display_name(checkout.plan())) }
                    p.price { span.total { (price) } " " span.period { (period(checkout).1) } }
                    @if let Some(note) = origin(price, checkout) { p.note { (note) } }
                    dl { (details(session, customer)) }
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
                        span.holder { (customer.and_then(|customer| customer.name.as_deref()).unwrap_or(BUYER_NAME)) }
                        span.expiry { "Test card" }
                    }
                    form method="post" action=(action("pay")) {
                        (email(session, customer))
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
                        strong { "Decline" } " simulates a declined card, and "
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

/// The page of a session that has been paid.
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

/// The page for an unknown session or path.
pub(super) fn not_found() -> Markup {
    layout(
        "Not found",
        &html! {
            div.message {
                h1 { "There is no such checkout" }
                p { "Go back to the shop and start again. Checkouts are lost when the fake server restarts." }
            }
        },
    )
}

/// The page for a GET request to a path that a button posts to.
pub(super) fn wrong_method() -> Markup {
    layout(
        "Nothing to see",
        &html! {
            div.message {
                h1 { "There is nothing to see here" }
                p { "A button of the checkout page posts to this address. Opening it does nothing." }
                p { a.primary href="./" { "To the checkout page" } }
            }
        },
    )
}

/// Comes first on the page, so that it is visible on a phone without scrolling.
fn banner(notice: Notice) -> Markup {
    match notice {
        Notice::Declined => html! {
            p.notice.declined role="alert" {
                strong { "Your card was declined." }
                " You have not been charged. Try again or go back to the shop."
            }
        },
        Notice::NoCancelUrl => html! {
            p.notice role="status" {
                strong { "Nothing was paid." }
                " The shop did not set a cancel URL, so this checkout stays open. You can close this page."
            }
        },
        Notice::InvalidEmail => html! {
            p.notice.declined role="alert" {
                strong { "Nothing was paid." } " Enter a valid email address."
            }
        },
        Notice::LockedEmail => html! {
            p.notice.declined role="alert" {
                strong { "Nothing was paid." }
                " The shop has locked the email address, but the customer has none."
            }
        },
    }
}

/// The field for the email address. It is read-only if the shop has locked it, even if it is empty.
fn email(session: &Session, customer: Option<&Customer>) -> Markup {
    let is_locked = session.is_email_locked();
    let email = customer.and_then(|customer| customer.email.as_deref());
    let value = email.unwrap_or(if is_locked { "" } else { BUYER_EMAIL });
    html! {
        label for="email" { "Email" }
        input #email type="email" name="email" value=(value) autocomplete="email" required
            readonly[is_locked] aria-describedby=[is_locked.then_some("email-note")];
        @if is_locked {
            p.note #email-note {
                @if email.is_some() {
                    "Set by the shop. It cannot be changed here."
                } @else {
                    "The shop has locked this field (lockEmail), but the customer has no email address: this checkout cannot \
                     be paid."
                }
            }
        }
    }
}

/// The list of what is bought, and by whom.
fn details(session: &Session, customer: Option<&Customer>) -> Markup {
    let checkout = &session.checkout;
    html! {
        (row("Plan", checkout.plan()))
        (row("Billing", period(checkout).0))
        @for (identifier, quantity) in features(checkout) {
            (row(&display_name(identifier), &format!("× {quantity}")))
        }
        @if let Some(name) = customer.and_then(|customer| customer.name.as_deref()) { (row("Name", name)) }
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

fn features(checkout: &FakeCheckout) -> Vec<(&str, u64)> {
    let items = checkout.fields.get("features").and_then(Value::as_array);
    let items = items.map(Vec::as_slice).unwrap_or_default();
    items
        .iter()
        .filter_map(|item| Some((item["identifier"].as_str()?, item["quantity"].as_u64()?)))
        .collect()
}

/// Returns the host of the success URL, as the name of the shop.
fn shop(checkout: &FakeCheckout) -> String {
    let success_url = checkout.text("successUrl").map(Url::parse);
    match success_url {
        Some(Ok(url)) => url[Position::BeforeHost..Position::AfterPort].to_owned(),
        _ => "the shop".to_owned(),
    }
}

/// Returns how often the plan is charged, as a value and as the suffix of a price.
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

/// Returns an explanation of the price.
fn origin(price: &Price, checkout: &FakeCheckout) -> Option<String> {
    Some(match price.origin {
        Origin::Custom if checkout.text("taxBehavior") == Some("INCLUSIVE") => {
            "Tax included.".into()
        }
        Origin::Custom => "Tax is added on top.".into(),
        Origin::Listed { quantity: 1, .. } => return None,
        Origin::Listed { each, quantity } => {
            let each = decimal(each, &price.currency);
            format!("{quantity} × {} {each}", price.currency)
        }
        Origin::Example => "An example price. The real one is set at Kelviq.".into(),
    })
}
