//! The page with the visitor's account.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{help::HelpAddress, response_status::set_status};
use crate::account::{Account, RejectedForm, SIGN_OUT};

#[component]
pub(super) fn YourAccount() -> impl IntoView {
    // The server writes a rejected form into the page, and the browser reads it from there.
    let rejected = SharedValue::new(use_context::<RejectedForm>).into_inner();
    let account = Resource::new_blocking(|| (), |()| your_account());
    let content = move || {
        let rejected = rejected.clone();
        Suspend::new(async move {
            match (account.await, rejected) {
                (Err(_), None) => view! { <Unavailable/> }.into_any(),
                (Ok(Some(account)), rejected) => view! { <Change account rejected/> }.into_any(),
                (_, rejected) => view! { <Create rejected/> }.into_any(),
            }
        })
    };
    view! {
        <Title text="Account"/>
        <section class="list member">
            <Suspense fallback=|| view! { <p>"Loading your account…"</p> }>{content}</Suspense>
        </section>
    }
}

/// Returns the account of the visitor who sent the request.
#[server(endpoint = "account")]
async fn your_account() -> Result<Option<Account>, ServerFnError> {
    use crate::server::{accounts::Accounts, server_error::server_error, visitor::Visitor};

    let visitor: Visitor = leptos_axum::extract().await?;
    let axum::Extension(accounts): axum::Extension<Accounts> = leptos_axum::extract().await?;
    let account = accounts.find(visitor.customer_id()).await;
    account.map_err(|error| server_error("the account could not be read", &error))
}

#[component]
fn Create(rejected: Option<RejectedForm>) -> impl IntoView {
    view! {
        <h1>"Create an account"</h1>
        <Notice parameter="signed-out" text="You are signed out, and this browser has forgotten the account."/>
        <p>
            "With an account, the checkout page already shows your name and email address. "
            "You can also buy without one; the checkout page then asks for them."
        </p>
        <Demonstration/>
        <AccountForm account=Account::default() rejected button="Create the account"/>
    }
}

#[component]
fn Change(account: Account, rejected: Option<RejectedForm>) -> impl IntoView {
    view! {
        <h1>"Your account"</h1>
        <Notice parameter="saved" text="Your account is saved."/>
        <p>"The checkout page shows this name and email address. A change takes effect with your next checkout."</p>
        <Demonstration/>
        <AccountForm account rejected button="Save"/>
        <SignOut/>
    }
}

#[component]
fn Demonstration() -> impl IntoView {
    view! {
        <p>
            <strong>"This is a demonstration: "</strong>
            "there is no password, and the account belongs to this browser."
        </p>
    }
}

/// A message after a form was accepted, which has redirected to the page with this parameter.
#[component]
fn Notice(parameter: &'static str, text: &'static str) -> impl IntoView {
    let query = use_query_map();
    let is_shown = move || query.with(|query| query.get_str(parameter).is_some());
    move || is_shown().then(|| view! { <p role="status">{text}</p> })
}

/// The form with the fields of the account, or with those of the rejected form and its errors.
#[component]
fn AccountForm(
    account: Account,
    rejected: Option<RejectedForm>,
    button: &'static str,
) -> impl IntoView {
    let RejectedForm {
        fields: Account { name, email },
        name_error,
        email_error,
        form_error,
    } = rejected.unwrap_or(RejectedForm {
        fields: account,
        name_error: None,
        email_error: None,
        form_error: None,
    });
    view! {
        <form class="fields" method="post" action="/account">
            {form_error.map(|error| view! { <p role="alert" tabindex="-1" autofocus>{error}</p> })}
            <label for="name">"Name"</label>
            {name_error.clone().map(|error| view! { <p id="name-error" role="alert">{error}</p> })}
            <input
                id="name"
                name="name"
                value=name
                autocomplete="name"
                required
                maxlength="100"
                aria-invalid=name_error.is_some().then_some("true")
                aria-describedby=name_error.is_some().then_some("name-error")
                autofocus=name_error.is_some()
            />
            <label for="email">"Email"</label>
            {email_error.clone().map(|error| view! { <p id="email-error" role="alert">{error}</p> })}
            <input
                id="email"
                name="email"
                value=email
                type="email"
                autocomplete="email"
                required
                maxlength="254"
                aria-invalid=email_error.is_some().then_some("true")
                aria-describedby=email_error.is_some().then_some("email-error")
                autofocus=email_error.is_some() && name_error.is_none()
            />
            <button class="button">{button}</button>
        </form>
    }
}

#[component]
fn SignOut() -> impl IntoView {
    view! {
        <details>
            <summary>"Sign out"</summary>
            <p>
                "You cannot sign in again, because there is no password. We delete your name and email address, and this "
                "browser forgets you. It no longer shows your orders, and no longer opens what your plan includes. Kelviq "
                "keeps the name and email address of a checkout that you have started."
            </p>
            <p>
                "A subscription continues and is charged until you cancel it, so cancel it first. Note the references of "
                <a href="/orders">"your orders"</a> ", so that we can still find them."
            </p>
            <form method="post" action="/account">
                <input type="hidden" name=SIGN_OUT value="yes"/>
                <button class="button quiet">"Sign out of this browser"</button>
            </form>
        </details>
    }
}

/// Shown when the account cannot be read.
#[component]
fn Unavailable() -> impl IntoView {
    set_status(503);
    view! {
        <h1>"Your account"</h1>
        <div role="alert">
            <p>"We cannot show your account right now. The problem is on our side, and nothing has changed."</p>
            <p>"Try again in a few minutes. If this page stays, write to " <HelpAddress/> "."</p>
        </div>
        // `rel="external"`, because the router ignores links to the current page.
        <p class="actions"><a class="button" href="/account" rel="external">"Try again"</a></p>
    }
}
