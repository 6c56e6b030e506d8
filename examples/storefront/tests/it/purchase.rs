//! From a plan to an order: the request to Kelviq, the webhook, and the pages that the buyer sees.

use axum::http::StatusCode;
use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Metadata};
use serde_json::{Value, json};

use crate::support::storefront::{Storefront, WEBHOOKS, return_path};

#[tokio::test]
async fn a_click_becomes_an_order_with_its_metadata() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();

    let plans = buyer.get("/").await;
    plans.assert_shows(r#"<label for="seats">Seats <span>(1 to 50)</span></label>"#);
    let form = plans.form("Buy Team").fill("quantity[seats]", "7");
    let response = buyer.submit(&form).await;

    let checkout = shop.last_checkout();
    assert!(
        response
            .location()
            .ends_with(&format!("/checkout/{}/", checkout.id))
    );
    let (thanks, reference) = return_path(&checkout);
    let customer_id = checkout.fields["customerId"].as_str().unwrap();
    assert_eq!(
        checkout.metadata.as_json(),
        format!(
            r#"{{"order_ref":"{reference}","offer":"team-yearly","customer_id":"{customer_id}","seats":7}}"#
        ),
    );
    assert_eq!(
        serde_json::from_str::<Value>(&checkout.received).unwrap(),
        json!({
            "planIdentifier": "team",
            "chargePeriod": "YEARLY",
            "features": [{"identifier": "seats", "quantity": 7}],
            "customerId": customer_id,
            "successUrl": format!("http://127.0.0.1:3000/thanks?reference={reference}"),
            "cancelUrl": format!("http://127.0.0.1:3000/cancelled?reference={reference}"),
            "metadata": {
                "order_ref": reference,
                "offer": "team-yearly",
                "customer_id": customer_id,
                "seats": 7,
            },
        }),
    );

    buyer
        .get(&thanks)
        .await
        .assert_shows("We are confirming your payment");
    shop.pay().await;

    for path in [thanks.as_str(), "/orders"] {
        let page = buyer.get(path).await;
        page.assert_shows("<h2>Team, yearly</h2>");
        page.assert_shows(r#"<p class="amount">$1,260</p>"#);
        page.assert_shows("7 seats × $180");
        // Folded away.
        page.assert_shows(r#"<details class="record"><summary>Details for our support</summary>"#);
        for (key, value) in [
            ("order_ref", format!(r#""{reference}""#)),
            ("offer", r#""team-yearly""#.into()),
            ("customer_id", format!(r#""{customer_id}""#)),
            ("seats", "7".into()),
        ] {
            page.assert_shows(&format!(
                "<dt><code>{key}</code></dt><dd><code>{value}</code></dd>"
            ));
        }
    }
}

#[tokio::test]
async fn plans_without_seats_omit_the_key() {
    for (button, offer, plan, charge_period, price) in [
        ("Buy Starter", "starter", "starter", "ONE_TIME", "49"),
        ("Go Pro", "pro-monthly", "pro", "MONTHLY", "29"),
    ] {
        let shop = Storefront::open().await;
        let mut buyer = shop.visitor();
        let plans = buyer.get("/").await;
        plans.assert_shows(&format!("<strong>${price}</strong>"));
        let forged = plans
            .form(button)
            .forge("quantity[seats]", "7")
            .forge("plan", "team");
        buyer.submit(&forged).await.location();

        let checkout = shop.last_checkout();
        let (thanks, reference) = return_path(&checkout);
        let customer_id = checkout.fields["customerId"].as_str().unwrap();
        assert_eq!(
            checkout.metadata.as_json(),
            format!(
                r#"{{"order_ref":"{reference}","offer":"{offer}","customer_id":"{customer_id}"}}"#
            ),
        );
        assert_eq!(checkout.fields["planIdentifier"], plan);
        assert_eq!(checkout.fields["chargePeriod"], charge_period);
        assert_eq!(checkout.fields.get("features"), None);

        shop.pay().await;
        let page = buyer.get(&thanks).await;
        page.assert_shows("Your payment is confirmed");
        page.assert_shows(&format!(r#"<p class="amount">${price}</p>"#));
        page.assert_hides(r#"class="seats""#);
    }
}

#[tokio::test]
async fn each_card_shows_what_the_buyer_pays() {
    let shop = Storefront::open().await;
    let plans = shop.visitor().get("/").await;
    for price in [
        "<strong>$49</strong>, paid once",
        "<strong>$29</strong> every month, until you cancel",
        // Without JavaScript, it stays as it is when the number changes.
        "<span>Example: 5 seats × $180</span><strong>$900 a year</strong>",
    ] {
        plans.assert_shows(price);
    }
    assert_eq!(plans.html.matches("Recommended").count(), 1);
}

#[tokio::test]
async fn the_day_of_the_payment_is_written_out_in_utc() {
    for (time, shown) in [
        (
            "2026-11-26T20:04:30Z",
            Some(("2026-11-26", "26 November 2026")),
        ),
        (
            "2026-12-31T23:30:00-05:00",
            Some(("2027-01-01", "1 January 2027")),
        ),
        (
            "2026-03-01T03:00:00.5+05:30",
            Some(("2026-02-28", "28 February 2026")),
        ),
        ("recently", None),
    ] {
        let shop = Storefront::open().await;
        let mut buyer = shop.visitor();
        buyer.click("Buy Starter").await.location();
        let status = shop.pay_with(|event| {
            event["created_at"] = time.into();
            event["data"]["object"]["modified_on"] = time.into();
        });
        assert_eq!(status.await, StatusCode::OK);
        let orders = buyer.get("/orders").await;
        assert_eq!(orders.html.contains("Paid on"), shown.is_some(), "{time}");
        if let Some((date, day)) = shown {
            orders.assert_shows(&format!(r#"<time datetime="{date}">{day}</time>"#));
        }
    }
}

#[tokio::test]
async fn seats_have_a_price_only_if_it_is_the_one_that_was_paid() {
    for (seats, amount, currency, shown) in [
        ("1", "180.00", "USD", "1 seat × $180</p>"),
        ("7", "1260.00", "USD", "7 seats × $180</p>"),
        ("7", "630.00", "USD", "7 seats</p>"),
        ("7", "1260.00", "EUR", "7 seats</p>"),
        ("7", "189000", "JPY", "7 seats</p>"),
    ] {
        let shop = Storefront::open().await;
        let mut buyer = shop.visitor();
        let form = buyer.get("/").await.form("Buy Team");
        let form = form.fill("quantity[seats]", seats);
        buyer.submit(&form).await.location();
        let status = shop.pay_with(|event| {
            event["data"]["object"]["amount"] = amount.into();
            event["data"]["object"]["currency"] = currency.into();
        });
        assert_eq!(status.await, StatusCode::OK);
        buyer.get("/orders").await.assert_shows(shown);
    }
}

#[tokio::test]
async fn duplicate_deliveries_create_one_order() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    shop.pay().await;
    shop.pay().await;
    let orders = buyer.get("/orders").await;
    assert_eq!(orders.html.matches("<article").count(), 1);
}

#[tokio::test]
async fn the_newest_order_comes_first() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    for button in ["Buy Starter", "Go Pro"] {
        buyer.click(button).await.location();
        shop.pay().await;
    }
    let orders = buyer.get("/orders").await.html;
    assert!(
        orders.find("Pro, monthly") < orders.find("Starter</h2>"),
        "{orders}"
    );
}

#[tokio::test]
async fn the_cookie_is_not_sent_to_kelviq_or_shown() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    let token = buyer.cookie.clone().unwrap().replace("visitor=", "");
    assert_eq!(token.len(), 32);
    assert!(!shop.last_checkout().received.contains(&token));
    shop.pay().await;
    buyer.get("/orders").await.assert_hides(&token);
}

#[tokio::test]
async fn a_forged_webhook_fulfils_nothing() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    let other = kelviq_core::WebhookSecret::new("kq_whsec_of_somebody_else").unwrap();
    let payment = shop.kelviq.pay(&shop.last_checkout().id).signed_with(other);
    let response = payment.deliver_to(&shop.router, WEBHOOKS).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    buyer
        .get("/orders")
        .await
        .assert_shows("There is nothing here yet");
}

const REFERENCE: &str = "0123456789abcdef0123456789abcdef";

/// For example, a checkout of another application with the same Kelviq account, or one with an older metadata format.
#[tokio::test]
async fn a_payment_with_invalid_metadata_is_accepted_and_stored_for_manual_review() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    let customer_id = shop.last_checkout().fields["customerId"].clone();

    for (metadata, reference) in [
        (
            json!({"order_ref": REFERENCE, "offer": "no-longer-sold", "customer_id": "x"}),
            Some(REFERENCE),
        ),
        (json!({"something": "else"}), None),
    ] {
        let request = CreateCheckoutSession::new(
            CheckoutPlan::new("starter", ChargePeriod::OneTime),
            "https://shop.example/",
        )
        .customer_id(customer_id.as_str().unwrap())
        .metadata(Metadata::from_serialize(&metadata).unwrap());
        shop.kelviq
            .client()
            .create_checkout_session(&request)
            .await
            .unwrap();
        shop.pay().await;
        if let Some(reference) = reference {
            let thanks = buyer.get(&format!("/thanks?reference={reference}")).await;
            thanks.assert_shows("Your payment has arrived");
        }
    }
    let orders = buyer.get("/orders").await;
    assert_eq!(orders.html.matches("Your payment has arrived").count(), 2);
}
