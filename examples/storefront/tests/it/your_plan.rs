//! What a customer has after the sale: the plan, what it includes, and no second subscription.

use kelviq_axum::fake::{FakeSubscription, Fault};
use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, SubscriptionStatus};

use crate::support::{
    log,
    page::Page,
    storefront::{Storefront, WEBHOOKS},
    visitor::Visitor,
};

const PRO: &str = "Go Pro";
const TEAM: &str = "Buy Team";
const NO_PLAN: &str = "You have no subscription.";
const REFUSED: &str = "You already have this plan, or one that includes it, so no checkout was started. Nothing was charged.";
const A_COMMENT: &str = "I can smell the harbour now.";

/// Buys a plan, and delivers the event.
async fn buy(shop: &Storefront, buyer: &mut Visitor, button: &str) {
    buyer.click(button).await.location();
    shop.pay().await;
}

/// Returns the subscriptions of the customer who bought last.
fn subscriptions(shop: &Storefront) -> Vec<FakeSubscription> {
    let checkout = shop.last_checkout();
    let customer_id = checkout.fields["customerId"].as_str().unwrap();
    shop.kelviq.subscriptions(customer_id)
}

#[track_caller]
fn assert_shows_day(page: &Page, before: &str, date: &str) {
    page.assert_shows(&format!(r#"{before} on <strong><time datetime="{date}">"#));
}

#[tokio::test]
async fn a_visitor_without_a_plan_is_offered_one() {
    let shop = Storefront::open().await;
    let mut visitor = shop.visitor();
    let page = visitor.get("/plan").await;
    assert_eq!(page.status, 200);
    page.assert_shows(NO_PLAN);
    page.assert_shows(r#"<a class="button" href="/">See the plans</a>"#);
    page.assert_hides("Manage billing");

    let page = visitor.get("/drafts").await;
    assert_eq!(page.status, 200);
    page.assert_hides(A_COMMENT);
    let response = visitor.submit(&page.form("Upgrade to Pro")).await;
    assert!(response.location().contains("/checkout/cs_"));
    assert_eq!(shop.last_checkout().fields["planIdentifier"], "pro");
}

#[tokio::test]
async fn pro_opens_its_features() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    // The shop knows that this customer may not use the feature.
    buyer.get("/drafts").await.assert_hides(A_COMMENT);
    buy(&shop, &mut buyer, PRO).await;

    let page = buyer.get("/plan").await;
    page.assert_shows("<h2>Pro, monthly</h2>");
    page.assert_shows("Renews automatically on <strong><time datetime=");
    page.assert_shows(r#"<dt><a href="/drafts">Comments on your drafts</a></dt><dd>Included</dd>"#);
    page.assert_shows("<dt>Letters to your readers</dt><dd>10,000 of 10,000 left</dd>");
    page.assert_shows("It begins at once, and does not replace Pro: you pay for both");
    page.assert_hides(NO_PLAN);
    buyer.get("/drafts").await.assert_shows(A_COMMENT);

    // Another visitor has nothing of it.
    let mut other = shop.visitor();
    other.get("/plan").await.assert_shows(NO_PLAN);
    other.get("/drafts").await.assert_hides(A_COMMENT);
}

#[tokio::test]
async fn used_letters_are_counted() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buy(&shop, &mut buyer, PRO).await;
    let customer_id = subscriptions(&shop)[0].customer_id.clone();
    shop.kelviq.set_usage(&customer_id, "letters", 10_000);
    let page = buyer.get("/plan").await;
    page.assert_shows("<dt>Letters to your readers</dt><dd>0 of 10,000 left</dd>");
}

#[tokio::test]
async fn a_second_subscription_is_refused() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buy(&shop, &mut buyer, PRO).await;
    let assert_refused = async |buyer: &mut Visitor, button: &str| {
        let before = shop.kelviq.checkouts().len();
        let form = buyer.get("/").await.form(button);
        let page = buyer.submit_and_follow(&form).await;
        page.assert_shows(&format!(
            r#"{REFUSED}<div><a href="/plan">See your plan</a></div></div></form>"#
        ));
        assert_eq!(shop.kelviq.checkouts().len(), before);
    };
    assert_refused(&mut buyer, PRO).await;
    buyer.get("/plan").await.form("Manage billing");

    // Team can be bought by a customer with Pro, but only once.
    buy(&shop, &mut buyer, TEAM).await;
    assert_refused(&mut buyer, PRO).await;
    assert_refused(&mut buyer, TEAM).await;
    let page = buyer.get("/plan").await;
    for text in [
        "<h2>Pro, monthly</h2>",
        "<h2>Team, yearly</h2>",
        "<dt>Seats</dt><dd>5</dd>",
        "<h2>You pay for both plans</h2>",
    ] {
        page.assert_shows(text);
    }
    // Both plans include these features.
    let comments = "Comments on your drafts</a>";
    assert_eq!(page.html.matches(comments).count(), 1, "{}", page.html);
    page.assert_shows("<dt>Letters to your readers</dt><dd>20,000 of 20,000 left</dd>");

    // A plan that is paid once can be bought again.
    buy(&shop, &mut buyer, "Buy Starter").await;
    buy(&shop, &mut buyer, "Buy Starter").await;
    let page = buyer.get("/plan").await;
    assert_eq!(
        page.html.matches("Paid once, and yours to keep.").count(),
        2
    );

    // Other visitors can buy.
    buy(&shop, &mut shop.visitor(), PRO).await;
}

#[tokio::test]
async fn a_cancelled_plan_is_open_until_it_ends() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buy(&shop, &mut buyer, PRO).await;
    let id = subscriptions(&shop)[0].id.clone();
    let event = shop.kelviq.cancel_at_period_end(&id);
    event.deliver_to(&shop.router, WEBHOOKS).await;
    let page = buyer.get("/plan").await;
    let end = subscriptions(&shop)[0].end_date.clone().unwrap();
    assert_shows_day(&page, "Cancelled. It ends", &end);
    page.assert_shows("Pro still ends on the day above.");
    page.assert_hides("Renews");
    buyer.get("/drafts").await.assert_shows(A_COMMENT);
    let form = buyer.get("/").await.form(PRO);
    let page = buyer.submit_and_follow(&form).await;
    page.assert_shows(REFUSED);

    let event = shop.kelviq.cancel_now(&id);
    event.deliver_to(&shop.router, WEBHOOKS).await;
    buyer.get("/plan").await.assert_shows(NO_PLAN);
    buyer.get("/drafts").await.assert_hides(A_COMMENT);
    buy(&shop, &mut buyer, PRO).await;
    buyer.get("/drafts").await.assert_shows(A_COMMENT);
}

#[tokio::test]
async fn the_plan_and_what_it_includes_agree_before_the_events_arrive() {
    const FEATURES: &str = "What you can use now";
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    // The shop caches that this customer may not use the feature.
    buyer.get("/drafts").await.assert_hides(A_COMMENT);
    buyer.click(PRO).await.location();
    let paid = shop.kelviq.pay(&shop.last_checkout().id);
    let page = buyer.get("/plan").await;
    page.assert_shows("<h2>Pro, monthly</h2>");
    page.assert_shows(FEATURES);

    paid.deliver_to(&shop.router, WEBHOOKS).await;
    buyer.get("/drafts").await.assert_shows(A_COMMENT);
    shop.kelviq.cancel_now(&subscriptions(&shop)[0].id);
    let page = buyer.get("/plan").await;
    page.assert_shows(NO_PLAN);
    page.assert_hides(FEATURES);
}

#[tokio::test]
async fn a_subscription_to_a_plan_that_is_no_longer_sold_is_shown() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click(PRO).await.location();
    let customer_id = shop.last_checkout().fields["customerId"].clone();
    let plan = CheckoutPlan::new("old-plan", ChargePeriod::Monthly);
    let request = CreateCheckoutSession::new(plan, "https://shop.example/")
        .customer_id(customer_id.as_str().unwrap());
    let session = shop.kelviq.client().create_checkout_session(&request).await;
    shop.kelviq.pay(&session.unwrap().checkout_session_id);
    let page = buyer.get("/plan").await;
    page.assert_shows("<h2>Old Plan</h2>");
    page.assert_shows("Renews automatically on");
    page.assert_hides(NO_PLAN);
}

#[tokio::test]
async fn kelviq_is_named_if_it_does_not_respond() {
    log::clear();
    let shop = Storefront::open().await;
    shop.kelviq.inject_always(Fault::Nothing);
    let page = shop.visitor().get("/plan").await;
    assert_eq!(page.status, 503);
    page.assert_shows("We cannot look up your plan right now.");
    let error = "no response from Kelviq within 5s";
    assert_eq!(log::count_both("the plan could not be read", error), 1);
}

#[tokio::test]
async fn a_failed_payment_is_shown_with_what_to_do() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buy(&shop, &mut buyer, PRO).await;
    let id = subscriptions(&shop)[0].id.clone();
    let mut set_status = async |status: SubscriptionStatus| {
        let event = shop.kelviq.set_status(&id, status);
        event.deliver_to(&shop.router, WEBHOOKS).await;
        buyer.get("/plan").await
    };
    let page = set_status(SubscriptionStatus::PastDue).await;
    page.assert_shows("Past due: your last payment failed.");
    page.form("Manage billing");
    let page = set_status(SubscriptionStatus::Incomplete).await;
    page.assert_shows("We are waiting for your first payment.");
    let page = set_status(SubscriptionStatus::Superseded).await;
    page.assert_hides("Pro, monthly");
}

#[tokio::test]
async fn without_kelviq_no_page_claims_that_there_is_no_plan() {
    log::clear();
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buy(&shop, &mut buyer, PRO).await;
    buyer.get("/drafts").await.assert_shows(A_COMMENT);
    shop.kelviq.inject_always(Fault::Error(500));

    let page = buyer.get("/plan").await;
    assert_eq!(page.status, 503);
    page.assert_shows("<title>Your plan · Quillmoor</title>");
    page.assert_shows("We cannot look up your plan right now.");
    page.assert_shows("please do not pay again");
    page.assert_hides(NO_PLAN);
    assert_eq!(log::count("the plan could not be read"), 1);
    // The feature was open a moment ago.
    buyer.get("/drafts").await.assert_shows(A_COMMENT);

    let mut visitor = shop.visitor();
    for path in ["/plan", "/drafts"] {
        let page = visitor.get(path).await;
        assert_eq!(page.status, 503);
        page.assert_shows("We cannot look up your plan right now.");
        page.assert_hides("Upgrade");
    }

    // Nothing is sold unless it is known that the customer has no plan.
    let before = shop.kelviq.checkouts().len();
    let form = buyer.get("/").await.form(PRO);
    let page = buyer.submit_and_follow(&form).await;
    assert_eq!(
        page.form(PRO).alert(),
        "The checkout could not be started. You have not been charged; please try again later."
    );
    assert_eq!(shop.kelviq.checkouts().len(), before);
}
