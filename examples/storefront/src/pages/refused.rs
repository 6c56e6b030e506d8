//! For checkouts that did not start, billing that did not open, and addresses that were opened the wrong way.

use kelviq_axum::CheckoutProblem;
use leptos::prelude::*;
use leptos_meta::Title;

use super::ReferenceLine;
use crate::{offers::SEATS_ALLOWED, refusals::Refusal};

#[component]
pub(super) fn Refused(refusal: Refusal) -> impl IntoView {
    let (title, sentence, reference) = match refusal {
        Refusal::Checkout(rejection) => (
            "Checkout not started",
            sentence(rejection.problem()),
            rejection.reference().cloned(),
        ),
        Refusal::Portal(rejection) => (
            "Billing not opened",
            rejection.sentence().to_owned(),
            rejection.reference().cloned(),
        ),
        Refusal::WrongMethod => (
            "Nothing to see here",
            "This address is where a button of the shop leads. Opening it does nothing.".to_owned(),
            None,
        ),
    };
    view! {
        <Title text=title/>
        <section class="message">
            <h1>{title}</h1>
            <p>{sentence}</p>
            <p class="actions"><a class="button" href="/">"Back to the plans"</a></p>
            {reference.map(|reference| view! { <ReferenceLine reference/> })}
        </section>
    }
}

fn sentence(problem: CheckoutProblem) -> String {
    match problem {
        CheckoutProblem::InvalidQuantity => format!(
            "The Team plan is sold for {} to {} seats. Please choose a whole number in that range. Nothing was charged.",
            SEATS_ALLOWED.start(),
            SEATS_ALLOWED.end(),
        ),
        other => other.sentence().to_owned(),
    }
}
