//! Accounts: a name and an email address, which belong to a browser.

use axum::{
    body::Body,
    http::{
        Request,
        header::{CONTENT_TYPE, SET_COOKIE},
    },
};
use kelviq_core::CustomerProfile;
use storefront::DatabaseUrl;

use crate::support::{
    form::Form, log, page::Page, postgres::Schema, storefront::Storefront, visitor::Visitor,
};

const CREATE: &str = "Create the account";
const SAVE: &str = "Save";
const SIGN_OUT: &str = "Sign out of this browser";
const NAME: &str = "Ada Brook";
const EMAIL: &str = "ada@example.com";

async fn create_account(visitor: &mut Visitor) -> Page {
    let form = visitor.get("/account").await.form(CREATE);
    let form = form.fill("name", NAME).fill("email", EMAIL);
    visitor.submit_and_follow(&form).await
}

#[track_caller]
fn assert_shows_account(page: &Page, name: &str, email: &str) {
    assert_eq!(page.status, 200);
    page.assert_shows("<h1>Your account</h1>");
    let form = page.form(SAVE);
    assert_eq!((form.value("name"), form.value("email")), (name, email));
}

/// Creates an account, changes it, and signs out.
async fn use_an_account(shop: &Storefront) {
    let mut visitor = shop.visitor();
    let page = visitor.get("/account").await;
    page.assert_shows("<h1>Create an account</h1>");
    page.assert_shows("there is no password, and the account belongs to this browser");
    let page = create_account(&mut visitor).await;
    page.assert_shows(r#"<p role="status">Your account is saved.</p>"#);
    assert_shows_account(&page, NAME, EMAIL);
    let page = visitor.get("/account").await;
    page.assert_hides("is saved");
    assert_shows_account(&page, NAME, EMAIL);

    let form = page.form(SAVE).fill("name", " Ada \"A&amp;\" <Brook> ");
    let page = visitor.submit_and_follow(&form).await;
    assert_shows_account(&page, "Ada \"A&amp;\" <Brook>", EMAIL);

    // Somebody with the same address has another account.
    let mut other = shop.visitor();
    other
        .get("/account")
        .await
        .assert_shows("<h1>Create an account</h1>");
    create_account(&mut other).await;

    let before = visitor.cookie.clone();
    page.assert_shows("You cannot sign in again, because there is no password.");
    page.assert_shows(
        "Kelviq keeps the name and email address of a checkout that you have started.",
    );
    let response = visitor.submit(&page.form(SIGN_OUT)).await;
    assert_eq!(
        response.header(SET_COOKIE),
        "visitor=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
    );
    let page = visitor.get(response.location()).await;
    page.assert_shows("You are signed out");
    page.assert_shows("<h1>Create an account</h1>");
    assert_ne!(visitor.cookie, before);
    // Nothing is left of the account.
    visitor.cookie = before;
    let page = visitor.get("/account").await;
    page.assert_shows("<h1>Create an account</h1>");
    page.assert_hides(EMAIL);
    assert_shows_account(&other.get("/account").await, NAME, EMAIL);
}

#[tokio::test]
async fn an_account_is_created_changed_and_forgotten() {
    use_an_account(&Storefront::open().await).await;
}

/// Returns `lockEmail` of the last checkout, and the name and the email address of its customer at Kelviq.
async fn last_customer(shop: &Storefront) -> (Option<bool>, Option<String>, Option<String>) {
    let fields = shop.last_checkout().fields;
    let profile = CustomerProfile::new(fields["customerId"].as_str().unwrap());
    // Changes nothing.
    let customer = shop
        .kelviq
        .client()
        .update_customer(&profile)
        .await
        .unwrap();
    let lock_email = fields.get("lockEmail").map(|lock| lock.as_bool().unwrap());
    (lock_email, customer.name, customer.email)
}

#[tokio::test]
async fn the_checkout_page_gets_the_account() {
    let some = |text: &str| Some(text.to_owned());
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    create_account(&mut buyer).await;
    buyer.click("Go Pro").await.location();
    let expected = (Some(true), some(NAME), some(EMAIL));
    assert_eq!(last_customer(&shop).await, expected);

    // Another person with the same address is another customer, and gets nothing of the first one.
    shop.pay().await;
    let mut other = shop.visitor();
    create_account(&mut other).await;
    other
        .get("/orders")
        .await
        .assert_shows("There is nothing here yet");
    other
        .get("/plan")
        .await
        .assert_shows("You have no subscription.");
    let first_id = shop.last_checkout().fields["customerId"].clone();
    other.click("Go Pro").await.location();
    assert_eq!(last_customer(&shop).await, expected);
    assert_ne!(shop.last_checkout().fields["customerId"], first_id);

    // A change is written with the next checkout.
    let form = buyer.get("/account").await.form(SAVE);
    buyer
        .submit(&form.fill("email", "ada@brook.example"))
        .await
        .location();
    buyer.click("Buy Team").await.location();
    let expected = (Some(true), some(NAME), some("ada@brook.example"));
    assert_eq!(last_customer(&shop).await, expected);
    assert_eq!(shop.last_checkout().fields["customerId"], first_id);
}

#[tokio::test]
async fn a_guest_buys_without_an_account() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Go Pro").await.location();
    assert_eq!(shop.last_checkout().fields.get("lockEmail"), None);
    shop.pay().await;
    buyer
        .get("/plan")
        .await
        .assert_shows("<h2>Pro, monthly</h2>");
    buyer
        .get("/account")
        .await
        .assert_shows("<h1>Create an account</h1>");
    let form = buyer.get("/plan").await.form("Manage billing");
    let response = buyer.submit(&form).await;
    assert!(response.location().contains("/portal/?token="));
}

#[tokio::test]
async fn an_account_is_kept_in_postgres() {
    let Some(schema) = Schema::create("accounts").await else {
        return;
    };
    let url = DatabaseUrl::Postgres(Box::new(schema.options()));
    let shop = Storefront::open_at(&url).await;
    use_an_account(&shop).await;
    drop(shop);
    schema.drop().await;
}

#[tokio::test]
async fn an_account_survives_a_restart() {
    let shop = Storefront::open().await;
    let mut visitor = shop.visitor();
    create_account(&mut visitor).await;
    let shop = shop.restart().await;
    visitor.visit(&shop);
    assert_shows_account(&visitor.get("/account").await, NAME, EMAIL);
}

#[tokio::test]
async fn an_invalid_form_is_shown_again_with_its_values_and_errors() {
    const NAME_ERROR: &str = "Please enter your name.";
    const EMAIL_ERROR: &str = "Please enter an email address, such as you@example.com.";
    let shop = Storefront::open().await;
    let mut visitor = shop.visitor();
    let long_name = "n".repeat(101);
    let long_email = format!("{}@example.com", "e".repeat(250));
    for (name, email, name_error, email_error) in [
        ("", "", NAME_ERROR, EMAIL_ERROR),
        (" ", EMAIL, NAME_ERROR, ""),
        (
            long_name.as_str(),
            EMAIL,
            "Please enter a name of up to 100",
            "",
        ),
        ("Ada\nBrook", EMAIL, "Please enter a name of up to 100", ""),
        ("Ada\0", EMAIL, "Please enter a name of up to 100", ""),
        (NAME, "ada", "", EMAIL_ERROR),
        (NAME, "@example.com", "", EMAIL_ERROR),
        (NAME, "ada@localhost", "", EMAIL_ERROR),
        (NAME, "ada@example.", "", EMAIL_ERROR),
        (NAME, "ada@@example.com", "", EMAIL_ERROR),
        (NAME, "ada@b@example.com", "", EMAIL_ERROR),
        (NAME, "ada brook@example.com", "", EMAIL_ERROR),
        (NAME, "ada\0@example.com", "", EMAIL_ERROR),
        (NAME, long_email.as_str(), "", EMAIL_ERROR),
    ] {
        let form = visitor.get("/account").await.form(CREATE);
        let page = visitor
            .submit(&form.fill("name", name).fill("email", email))
            .await;
        assert_eq!(page.status, 422, "{name:?} {email:?}");
        page.assert_shows("<title>Account · Quillmoor</title>");
        let form = page.form(CREATE);
        assert_eq!(form.value("name").trim(), name.trim());
        assert_eq!(form.value("email").trim(), email.trim());
        for (field, error) in [("name", name_error), ("email", email_error)] {
            let shown = format!(r#"<p id="{field}-error" role="alert">{error}"#);
            let described = format!(r#"aria-invalid="true" aria-describedby="{field}-error""#);
            for text in [shown, described] {
                assert_eq!(
                    page.html.contains(&text),
                    !error.is_empty(),
                    "{}",
                    page.html
                );
            }
        }
    }
    visitor
        .get("/account")
        .await
        .assert_shows("<h1>Create an account</h1>");

    // A rejected change keeps the account.
    create_account(&mut visitor).await;
    let form = visitor.get("/account").await.form(SAVE);
    let page = visitor.submit(&form.fill("email", "ada")).await;
    assert_eq!(page.status, 422);
    assert_eq!(page.form(SAVE).value("email"), "ada");
    assert_shows_account(&visitor.get("/account").await, NAME, EMAIL);
}

#[tokio::test]
async fn requests_without_fields_are_invalid_forms() {
    let shop = Storefront::open().await;
    let mut visitor = shop.visitor();
    visitor.get("/account").await;
    for (content_type, body) in [
        ("application/x-www-form-urlencoded", ""),
        ("application/x-www-form-urlencoded", "%ff=%zz&&=&name"),
        ("application/json", r#"{"name": "Ada"}"#),
    ] {
        let request = Request::post("/account").header(CONTENT_TYPE, content_type);
        let page = visitor.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(page.status, 422);
        page.assert_shows("Please enter your name.");
    }
}

#[tokio::test]
async fn another_site_can_neither_change_nor_delete_an_account() {
    const MESSAGE: &str = "Nothing has changed: this form came from another site";
    let shop = Storefront::open().await;
    let mut visitor = shop.visitor();
    create_account(&mut visitor).await;
    let page = visitor.get("/account").await;
    let change = page.form(SAVE).fill("email", "mallory@example.com");
    let cookie = visitor.cookie.clone();
    for form in [&change, &page.form(SIGN_OUT)] {
        for (site, cookie) in [
            ("cross-site", None),
            // Browsers send the cookie from another host of the same domain.
            ("same-site", cookie.clone()),
            // The browser blocks cookies.
            ("same-origin", None),
        ] {
            visitor.cookie = cookie;
            let page = visitor.send(sent_from(site, form)).await;
            assert_eq!(page.status, 403);
            page.assert_shows(MESSAGE);
            page.assert_hides("mallory");
            assert!(!page.headers.contains_key(SET_COOKIE));
        }
    }
    visitor.cookie = cookie;
    assert_shows_account(&visitor.get("/account").await, NAME, EMAIL);
    let page = visitor.send(sent_from("same-origin", &change)).await;
    assert_eq!(page.location(), "/account?saved");
}

fn sent_from(site: &str, form: &Form) -> Request<Body> {
    let mut request = form.request();
    let headers = request.headers_mut();
    headers.insert("sec-fetch-site", site.parse().unwrap());
    request
}

#[tokio::test]
async fn without_the_database_no_page_claims_that_there_is_no_account() {
    log::clear();
    let shop = Storefront::open().await;
    let mut visitor = shop.visitor();
    create_account(&mut visitor).await;
    let page = visitor.get("/account").await;
    let (change, sign_out) = (page.form(SAVE), page.form(SIGN_OUT));
    shop.sqlite().pool().close().await;

    let page = visitor.get("/account").await;
    assert_eq!(page.status, 503);
    page.assert_shows("We cannot show your account right now.");
    page.assert_hides("Create an account");
    assert_eq!(
        log::count_both("the account could not be read", "closed pool"),
        1
    );

    for form in [change.fill("name", "Ada"), sign_out] {
        let page = visitor.submit(&form).await;
        assert_eq!(page.status, 503);
        page.assert_shows("We cannot change your account right now.");
        assert!(!page.headers.contains_key(SET_COOKIE));
    }
    assert_eq!(
        log::count_both("the account could not be changed", "closed pool"),
        2
    );
    // A sale goes on like that of a guest.
    visitor.click("Go Pro").await.location();
    assert_eq!(shop.last_checkout().fields.get("lockEmail"), None);
    assert_eq!(log::count("selling without the account"), 1);
    // Neither the name nor the address is logged.
    assert_eq!(log::count("Ada") + log::count(EMAIL), 0);
}
