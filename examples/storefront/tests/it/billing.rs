//! The button that opens the customer portal.

use axum::http::header::ORIGIN;

use crate::support::storefront::Storefront;

const BUTTON: &str = "Manage billing";

#[tokio::test]
async fn buyers_can_open_their_portal() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.get("/orders").await.assert_hides(BUTTON);
    buyer.click("Buy Starter").await.location();
    shop.pay().await;
    let form = buyer.get("/orders").await.form(BUTTON);
    let response = buyer.submit(&form).await;
    let portal = response.location();
    assert!(portal.contains("/portal/?token="), "{portal}");
}

#[tokio::test]
async fn nobody_else_can_open_it() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    shop.pay().await;
    let form = buyer.get("/orders").await.form(BUTTON);

    // A visitor without orders submits another buyer's form.
    let response = shop.visitor().submit(&form).await;
    let page = response.location();
    assert!(page.starts_with("/orders?kelviq_failed=portal"), "{page}");
    assert!(page.contains("&kelviq_error=no_customer&"), "{page}");

    // Another site submits the form on behalf of the buyer.
    let mut request = form.request();
    let elsewhere = "https://elsewhere.example".parse().unwrap();
    request.headers_mut().insert(ORIGIN, elsewhere);
    let response = buyer.send(request).await;
    let page = buyer.get(response.location()).await;
    assert_eq!(
        page.form(BUTTON).alert(),
        "This request came from another site, so the customer portal was not opened."
    );
}
