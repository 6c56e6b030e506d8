//! The page with the plans and their checkout buttons.

use kelviq_leptos::{CheckoutButton, QuantityInput};
use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys::HtmlInputElement};
use leptos_meta::{Meta, Title};

use super::{
    checkout_message::message,
    icon::{Icon, LineIcon},
    see_your_plan::SeeYourPlan,
};
use crate::{
    money::dollars,
    plan::{Plan, SEATS, SEATS_ALLOWED, seats_text},
};

const DEFAULT_SEATS: u32 = 5;

#[component]
pub(super) fn Plans() -> impl IntoView {
    view! {
        <Title text="Plans"/>
        <Meta name="description" content="Quillmoor is a quiet place to publish what you write."/>
        <div class="hero">
            <h1>"A quiet place to publish what you write"</h1>
            <p>"Your own site, your own readers, and nothing that blinks. Choose a plan and begin today."</p>
        </div>
        <div class="plans">
            <PlanCard
                title="Starter"
                about="For one book, or one good idea."
                plan=Plan::Starter
                period="once"
                features=["One site, yours to keep", "Twelve quiet designs", "Your own domain"]
            >
                <CheckoutButton
                    offer=Plan::Starter.offer_name()
                    inputs=|| total(Plan::Starter, ", paid once")
                    message
                    attr:class="button quiet"
                >
                    "Buy Starter"
                </CheckoutButton>
            </PlanCard>
            <PlanCard
                title="Pro"
                about="For people who write weekly."
                plan=Plan::ProMonthly
                period="per month"
                features=["As many sites as you like", "Letters to 10,000 readers", "Comments on your drafts"]
                recommended=true
            >
                <CheckoutButton
                    offer=Plan::ProMonthly.offer_name()
                    inputs=|| total(Plan::ProMonthly, " every month, until you cancel")
                    message
                    manage=SeeYourPlan
                    attr:class="button"
                >
                    "Go Pro"
                </CheckoutButton>
            </PlanCard>
            <PlanCard
                title="Team"
                about="For magazines and small presses."
                plan=Plan::TeamYearly
                period="per seat and year"
                features=["Everything in Pro", "Editors, proofs and a calendar", "One invoice for all"]
            >
                <CheckoutButton
                    offer=Plan::TeamYearly.offer_name()
                    inputs=SeatsInput
                    message
                    manage=SeeYourPlan
                    attr:class="button quiet"
                >
                    "Buy Team"
                </CheckoutButton>
            </PlanCard>
        </div>
        <ul class="promises">
            <li><LineIcon icon=Icon::Lock/>"Pay on Kelviq's secure page"</li>
            <li><LineIcon icon=Icon::CalendarCrossed/>"Cancel a subscription at any time"</li>
            <li><LineIcon icon=Icon::MoneyBack/>"Full refund within 14 days"</li>
        </ul>
    }
}

#[component]
fn PlanCard(
    title: &'static str,
    about: &'static str,
    plan: Plan,
    period: &'static str,
    features: [&'static str; 3],
    #[prop(optional)] recommended: bool,
    children: Children,
) -> impl IntoView {
    let features = features.map(|feature| view! { <li>{feature}</li> });
    view! {
        <section class="plan" class:recommended=recommended>
            <h2>{title}</h2>
            {recommended.then(|| view! { <p class="badge">"Recommended"</p> })}
            <p class="about">{about}</p>
            <p class="price"><strong>{dollars(plan.price())}</strong> " " {period}</p>
            <ul>{features.into_iter().collect_view()}</ul>
            <div class="buy">{children()}</div>
        </section>
    }
}

/// What the buyer pays, in the words above the button.
fn total(plan: Plan, when: &'static str) -> impl IntoView {
    view! { <p class="total"><strong>{dollars(plan.price())}</strong> {when}</p> }
}

/// The number of seats, and the total. The server validates the number against the offer.
///
/// Only a hydrated page can follow the number. Before that, and without JavaScript, the total is that of an example, which
/// stays true whatever the buyer enters.
#[component]
fn SeatsInput() -> impl IntoView {
    const ID: &str = "seats";
    let (min, max) = SEATS_ALLOWED.into_inner();
    // The text in the input, once the page is hydrated. The browser may have restored it.
    let entered = RwSignal::new(None);
    Effect::new(move || entered.set(Some(value_of_input(ID))));
    let total = move || match entered.get() {
        None => seats_and_total("Example: ", DEFAULT_SEATS),
        Some(text) => match text.parse() {
            Ok(seats) if SEATS_ALLOWED.contains(&seats) => seats_and_total("", seats),
            _ => (format!("Please choose {min} to {max} seats"), String::new()),
        },
    };
    view! {
        <div class="seats-input">
            <label for=ID>"Seats " <span>{format!("({min} to {max})")}</span></label>
            <QuantityInput
                feature=SEATS
                allowed=SEATS_ALLOWED
                value=DEFAULT_SEATS
                attr:id=ID
                on:input=move |_| entered.set(Some(value_of_input(ID)))
            />
            <output class="total" for=ID>
                <span>{move || total().0}</span>
                <strong>{move || total().1}</strong>
            </output>
        </div>
    }
}

/// Returns the number of seats with the price of one, and their total.
fn seats_and_total(prefix: &str, seats: u32) -> (String, String) {
    let price = Plan::TeamYearly.price();
    (
        format!("{prefix}{} × {}", seats_text(seats), dollars(price)),
        format!("{} a year", dollars(price * seats)),
    )
}

/// Returns the text in the input for the seats. Only called in the browser.
///
/// After a navigation by the router, the input is not in the document yet, and has its default value.
fn value_of_input(id: &str) -> String {
    let element = document().get_element_by_id(id);
    let input = element.and_then(|element| element.dyn_into::<HtmlInputElement>().ok());
    input.map_or_else(|| DEFAULT_SEATS.to_string(), |input| input.value())
}
