//! A page of the product, for customers whose plan includes it.

use kelviq_leptos::{CheckoutButton, CheckoutError};
use leptos::prelude::*;
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

use super::{
    checkout_message::message,
    icon::{Icon, LineIcon},
    see_your_plan::SeeYourPlan,
    unavailable::PlanUnavailable,
};
use crate::plan::Plan;

#[component]
pub(super) fn Drafts() -> impl IntoView {
    let comments = Resource::new_blocking(|| (), |()| draft_comments());
    let content = move || {
        Suspend::new(async move {
            match comments.await {
                Ok(Some(comments)) => view! { <Comments comments/> }.into_any(),
                Ok(None) => view! { <NotIncluded/> }.into_any(),
                Err(_) => view! { <PlanUnavailable page="/drafts"/> }.into_any(),
            }
        })
    };
    view! {
        <Title text="Comments on your drafts"/>
        <section class="list member">
            <h1>"Comments on your drafts"</h1>
            <Suspense fallback=|| view! { <p>"Loading the comments…"</p> }>{content}</Suspense>
        </section>
    }
}

#[derive(Clone, Serialize, Deserialize)]
struct Comment {
    draft: String,
    author: String,
    text: String,
}

/// Returns the comments, or `None` if the visitor's plan does not include them. Checked here and not only in the view, because
/// the response is all that a browser can get.
#[server(endpoint = "drafts")]
async fn draft_comments() -> Result<Option<Vec<Comment>>, CheckoutError> {
    use crate::plan::DRAFT_COMMENTS;

    if !kelviq_leptos::entitlements().await?.has(DRAFT_COMMENTS) {
        return Ok(None);
    }
    // A real product would read them from its database.
    let comment = |draft: &str, author: &str, text: &str| Comment {
        draft: draft.into(),
        author: author.into(),
        text: text.into(),
    };
    Ok(Some(vec![
        comment(
            "The salt road",
            "Ines",
            "The second paragraph already says all of this. Start there?",
        ),
        comment(
            "The salt road",
            "Tomas",
            "I can smell the harbour now. Leave it as it is.",
        ),
        comment("Letters in winter", "Ines", "Who is speaking on page two?"),
    ]))
}

#[component]
fn Comments(comments: Vec<Comment>) -> impl IntoView {
    let comments = comments.into_iter().map(|comment| {
        view! {
            <article class="order">
                <h2>{comment.draft}</h2>
                <p class="note"><strong>{comment.author}</strong> ": " {comment.text}</p>
            </article>
        }
    });
    view! {
        <p>"Your plan includes this page. These are the newest comments of your first readers."</p>
        {comments.collect_view()}
    }
}

#[component]
fn NotIncluded() -> impl IntoView {
    view! {
        <div class="empty">
            <p class="disc"><LineIcon icon=Icon::Lock/></p>
            <p>
                <strong>"This is part of Pro and Team."</strong>
                " First readers comment on a draft before anybody else sees it."
            </p>
            <div class="actions">
                <CheckoutButton offer=Plan::ProMonthly.offer_name() message manage=SeeYourPlan attr:class="button">
                    "Upgrade to Pro"
                </CheckoutButton>
            </div>
            <p>"If you have just paid, it can take a minute until this page opens."</p>
        </div>
    }
}
