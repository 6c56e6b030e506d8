//! The page of the customer portal: HTML and forms without JavaScript or external resources.

use maud::{Markup, html};
use url::{Position, Url};

use crate::fake::{
    customers::customer::Customer,
    layout::{layout, row},
    session::display_name,
    subscriptions::subscription::Subscription,
    timestamp::date_of,
};

/// The page on which a customer manages subscriptions. `shop` is the start page of the shop.
pub(crate) fn portal(
    token: &str,
    customer: &Customer,
    subscriptions: &[&Subscription],
    shop: Option<&Url>,
) -> Markup {
    let email = customer.email.as_deref().unwrap_or("no email address");
    let main = html! {
        div.portal {
            div {
                h1 { "Your purchases" }
                p.lead {
                    @if let Some(name) = &customer.name { (name) ", " }
                    (email)
                }
            }
            @for subscription in subscriptions { (one(subscription, token)) }
            @if subscriptions.is_empty() { p { "There are no purchases yet." } }
            @if let Some(shop) = shop {
                p { a.primary href=(shop) rel="noreferrer" { "Back to " (shop[Position::BeforeHost..Position::AfterPort]) } }
            }
        }
    };
    layout("Your purchases", &main)
}

/// The page for an unknown token.
pub(crate) fn not_found() -> Markup {
    layout(
        "Not found",
        &html! {
            div.message {
                h1 { "This link is not valid" }
                p {
                    "Go back to the shop and open your purchases again. They are lost when the fake server restarts."
                }
            }
        },
    )
}

fn one(subscription: &Subscription, token: &str) -> Markup {
    let heading = format!("subscription-{}", subscription.id);
    html! {
        section.subscription aria-labelledby=(heading) {
            div.head {
                h2 id=(heading) { (display_name(&subscription.plan)) }
                span.state { (state(subscription)) }
            }
            dl {
                (row("Price", &price(subscription)))
                (row("Since", &date_of(subscription.start).to_string()))
                @match (subscription.end_date, subscription.period_end) {
                    (Some(end), _) if !subscription.is_current() => (row("Ended on", &end.to_string())),
                    (Some(end), _) => (row("Ends on", &end.to_string())),
                    (None, Some(end)) => (row("Renews on", &date_of(end).to_string())),
                    (None, None) => {}
                }
            }
            @if subscription.can_be_canceled() {
                div.others {
                    @if subscription.end_date.is_none() {
                        (button(subscription, token, "period-end", "Cancel at the end of the period"))
                    }
                    (button(subscription, token, "now", "Cancel now"))
                }
            }
        }
    }
}

fn button(subscription: &Subscription, token: &str, end: &str, text: &str) -> Markup {
    html! {
        form method="post" action="/portal/cancel" {
            input type="hidden" name="token" value=(token);
            input type="hidden" name="subscription" value=(subscription.id);
            button type="submit" name="end" value=(end) {
                (text)
                span.spoken { ": " (display_name(&subscription.plan)) }
            }
        }
    }
}

/// Returns the status in words.
fn state(subscription: &Subscription) -> String {
    if subscription.status == "active" && !subscription.period.is_recurring() {
        return "Paid".into();
    }
    let mut words = subscription.status.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    match subscription.end_date {
        Some(end) if subscription.is_current() => format!("{words} until {end}"),
        _ => words,
    }
}

fn price(subscription: &Subscription) -> String {
    let recurrence = subscription.period.recurrence();
    match recurrence.strip_prefix("1 ") {
        _ if recurrence.is_empty() => subscription.price.to_string(),
        Some(unit) => format!("{} per {unit}", subscription.price),
        None => format!("{} per {recurrence}", subscription.price),
    }
}
