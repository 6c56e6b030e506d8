//! The page with the customer's plan.

use kelviq_leptos::PortalButton;
use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    icon::{Icon, LineIcon},
    unavailable::PlanUnavailable,
};
use crate::{
    day::Day,
    plan::{DRAFT_COMMENTS, LETTERS, Plan, SEATS},
    plan_overview::{CurrentSubscription, IncludedFeature, PlanOverview, SubscriptionState},
};

#[component]
pub(super) fn YourPlan() -> impl IntoView {
    let overview = Resource::new_blocking(|| (), |()| your_plan());
    let content = move || {
        Suspend::new(async move {
            match overview.await {
                Ok(overview) => view! { <Overview overview/> }.into_any(),
                Err(_) => view! { <PlanUnavailable page="/plan"/> }.into_any(),
            }
        })
    };
    view! {
        <Title text="Your plan"/>
        <section class="list member">
            <h1>"Your plan"</h1>
            <Suspense fallback=|| view! { <p>"Loading your plan…"</p> }>{content}</Suspense>
        </section>
    }
}

/// Returns what the visitor who sent the request has now.
#[server(endpoint = "plan")]
async fn your_plan() -> Result<PlanOverview, ServerFnError> {
    use crate::server::{
        plan_overview::plan_overview, server_error::server_error, visitor::Visitor,
    };

    let visitor: Visitor = leptos_axum::extract().await?;
    let axum::Extension(shop): axum::Extension<kelviq_axum::Shop> = leptos_axum::extract().await?;
    let overview = plan_overview(&shop, visitor.customer_id()).await;
    overview.map_err(|error| server_error("the plan could not be read", &*error))
}

#[component]
fn Overview(overview: PlanOverview) -> impl IntoView {
    let upgrade = view! { <Upgrade overview=overview.clone()/> };
    let PlanOverview {
        subscriptions,
        features,
    } = overview;
    let has_plan = !subscriptions.is_empty();
    let subscriptions = subscriptions
        .into_iter()
        .map(|subscription| view! { <Subscription subscription/> });
    view! {
        {subscriptions.collect_view()}
        {(!features.is_empty()).then(|| view! { <Features features/> })}
        {has_plan.then(|| view! { <Billing/> })}
        {upgrade}
    }
}

#[component]
fn Subscription(subscription: CurrentSubscription) -> impl IntoView {
    let CurrentSubscription { title, state, .. } = subscription;
    let what_next = match state {
        SubscriptionState::Kept => view! { <p>"Paid once, and yours to keep."</p> }.into_any(),
        SubscriptionState::Renews(day) => view! {
            <p>
                "Renews automatically" {day.map(|day| view! { " on " <Date day/> })} ". You can cancel at any time."
            </p>
        }
        .into_any(),
        SubscriptionState::Ends(day) => view! {
            <p>"Cancelled. It ends" {day.map(|day| view! { " on " <Date day/> })} ", and is not charged again."</p>
        }
        .into_any(),
        SubscriptionState::PastDue => view! {
            <p role="alert">
                "Past due: your last payment failed. Open “Manage billing” and check your card, so that you keep the plan. "
                "Please do not buy it again."
            </p>
        }
        .into_any(),
        SubscriptionState::Pending => view! {
            <p>"We are waiting for your first payment. Please do not buy it again."</p>
        }
        .into_any(),
    };
    view! {
        <article class="order">
            <h2>{title}</h2>
            {what_next}
        </article>
    }
}

/// A day, which is in bold because the customer looks for it.
#[component]
fn Date(day: Day) -> impl IntoView {
    view! { <strong><time datetime=day.date>{day.written}</time></strong> }
}

/// What the customer may use now.
#[component]
fn Features(features: Vec<IncludedFeature>) -> impl IntoView {
    let features = features.into_iter().map(|IncludedFeature { id, amount }| {
        let name = match id.as_str() {
            DRAFT_COMMENTS => view! { <a href="/drafts">"Comments on your drafts"</a> }.into_any(),
            LETTERS => "Letters to your readers".into_any(),
            SEATS => "Seats".into_any(),
            _ => view! { <code>{id}</code> }.into_any(),
        };
        view! { <div><dt>{name}</dt><dd>{amount.unwrap_or_else(|| "Included".into())}</dd></div> }
    });
    view! {
        <article class="order">
            <h2>"What you can use now"</h2>
            <dl>{features.collect_view()}</dl>
        </article>
    }
}

#[component]
fn Billing() -> impl IntoView {
    view! {
        <div class="billing">
            <PortalButton attr:class="button">"Manage billing"</PortalButton>
            <p>"Cards, invoices and cancelling, on Kelviq's page."</p>
        </div>
    }
}

/// What the customer can buy next. There is no change from one plan to another: both run until one is cancelled.
#[component]
fn Upgrade(overview: PlanOverview) -> impl IntoView {
    let is_running = |plan| {
        let mut subscriptions = overview.subscriptions.iter();
        let ends = |state: &SubscriptionState| matches!(state, SubscriptionState::Ends(_));
        subscriptions.any(|now| now.plan == Some(plan) && !ends(&now.state))
    };
    let is_pro_running = is_running(Plan::ProMonthly);
    let mut subscriptions = overview.subscriptions.iter();
    let has_other_plan = subscriptions.any(|now| now.state != SubscriptionState::Kept);
    match (
        overview.has(Plan::ProMonthly),
        overview.has(Plan::TeamYearly),
    ) {
        (_, true) if is_pro_running => view! {
            <article class="order">
                <h2>"You pay for both plans"</h2>
                <p>"Team includes everything in Pro, so you can cancel Pro under “Manage billing”."</p>
            </article>
        }
        .into_any(),
        (_, true) => ().into_any(),
        (true, false) => view! {
            <article class="order">
                <h2>"More with Team"</h2>
                <p>
                    "Team adds editors, proofs and a calendar to everything in Pro. It begins at once, and does not replace Pro: "
                    {if is_pro_running {
                        "you pay for both until you cancel Pro under “Manage billing”."
                    } else {
                        "Pro still ends on the day above."
                    }}
                </p>
                <p class="actions"><a class="button quiet" href="/">"Upgrade to Team"</a></p>
            </article>
        }
        .into_any(),
        // A plan that this shop no longer sells.
        (false, false) if has_other_plan => ().into_any(),
        (false, false) => view! {
            <div class="empty">
                <p class="disc"><LineIcon icon=Icon::Compass/></p>
                <p>
                    <strong>"You have no subscription."</strong>
                    " What you have paid for once is also among " <a href="/orders">"your orders"</a> "."
                </p>
                <p class="actions"><a class="button" href="/">"See the plans"</a></p>
            </div>
        }
        .into_any(),
    }
}
