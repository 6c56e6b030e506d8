//! The page with the plans and their checkout buttons.

use kelviq_leptos::{CheckoutButton, QuantityInput};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use super::checkout_message::message;
use crate::plan::{Plan, SEATS, SEATS_ALLOWED};

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
                <CheckoutButton offer=Plan::Starter.offer_name() message attr:class="button quiet">
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
                <CheckoutButton offer=Plan::ProMonthly.offer_name() message attr:class="button">
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
                    attr:class="button quiet"
                >
                    "Buy Team"
                </CheckoutButton>
            </PlanCard>
        </div>
        <ul class="promises">
            <li>"Pay on Kelviq's secure page"</li>
            <li>"Cancel a subscription at any time"</li>
            <li>"Full refund within 14 days"</li>
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
            {recommended.then(|| view! { <p class="badge">"Our suggestion"</p> })}
            <p class="about">{about}</p>
            <p class="price"><strong>{format!("${}", plan.price())}</strong> " " {period}</p>
            <ul>{features.into_iter().collect_view()}</ul>
            <div class="buy">{children()}</div>
        </section>
    }
}

/// The number of seats. The server validates it against the offer.
#[component]
fn SeatsInput() -> impl IntoView {
    let (min, max) = SEATS_ALLOWED.into_inner();
    view! {
        <label for="seats">"Seats " <span>{format!("({min} to {max})")}</span></label>
        <QuantityInput feature=SEATS allowed=SEATS_ALLOWED value=5 attr:id="seats"/>
    }
}
