//! The button that leads to the customer portal.

mod support;

use axum::http::header::ORIGIN;
use support::Storefront;

const BUTTON: &str = "Manage billing";

#[tokio::test]
async fn buyers_get_to_their_portal() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.get("/orders").await.assert_hides(BUTTON);
    buyer.click("Buy Starter").await.location();
    shop.pay().await;
    let form = buyer.get("/orders").await.form(BUTTON);
    let answer = buyer.submit(&form).await;
    let portal = answer.location();
    assert!(portal.contains("/portal/?token="), "{portal}");
}

#[tokio::test]
async fn it_opens_for_nobody_else() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    shop.pay().await;
    let form = buyer.get("/orders").await.form(BUTTON);

    // Somebody without orders has no such button, and learns nothing from another's.
    let answer = shop.visitor().submit(&form).await;
    assert_eq!(
        answer.location(),
        "/orders?kelviq_failed=portal&kelviq_error=no_customer"
    );

    // Another site cannot have it opened in the buyer's name.
    let mut request = form.request();
    let elsewhere = "https://elsewhere.example".parse().unwrap();
    request.headers_mut().insert(ORIGIN, elsewhere);
    let answer = buyer.send(request).await;
    let page = buyer.get(answer.location()).await;
    assert_eq!(
        page.form(BUTTON).alert(),
        "This request came from another site, so nothing was opened."
    );
}
