//! Each payment becomes an order. An order that cannot be fulfilled is logged, and kept for a person to review.

use axum::http::StatusCode;
use kelviq_core::{ChargePeriod, CheckoutPlan, CreateCheckoutSession, Metadata};
use serde_json::{Map, Value, json};

use crate::support::{
    log,
    storefront::{Storefront, WEBHOOKS, return_path},
};

#[tokio::test]
async fn a_second_payment_for_an_order_is_logged_as_an_error_and_kept_for_review() {
    log::clear();
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    shop.pay().await;
    assert_eq!(log::count("order fulfilled"), 1);

    // A second session with the same metadata is paid as well.
    let request = CreateCheckoutSession::new(
        CheckoutPlan::new("starter", ChargePeriod::OneTime),
        "https://shop.example/",
    )
    .metadata(shop.last_checkout().metadata);
    let session = shop.kelviq.client().create_checkout_session(&request).await;
    let session_id = session.unwrap().checkout_session_id;
    shop.pay().await;
    assert_eq!(log::count("ERROR"), 1);
    assert_eq!(log::count("an order was paid twice"), 1);
    assert_eq!(log::count_both("an order was paid twice", &session_id), 1);
    assert_eq!(log::count("order fulfilled"), 1);
    let orders = buyer.get("/orders").await;
    assert_eq!(orders.html.matches("<article").count(), 2);
    assert_eq!(orders.html.matches("had already been paid").count(), 1);
    let (thanks, _) = return_path(&shop.kelviq.checkouts()[0]);
    buyer.get(&thanks).await.assert_hides("Needs review");
}

#[tokio::test]
async fn a_click_after_the_payment_gets_another_session() {
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    let first = buyer.click("Buy Starter").await.location().to_owned();
    assert_eq!(buyer.click("Buy Starter").await.location(), first);
    shop.pay().await;
    assert_ne!(buyer.click("Buy Starter").await.location(), first);
    assert_eq!(shop.kelviq.checkouts().len(), 2);
}

#[tokio::test]
async fn an_order_with_invalid_metadata_is_not_fulfilled() {
    log::clear();
    let shop = Storefront::open().await;
    let request = CreateCheckoutSession::new(
        CheckoutPlan::new("starter", ChargePeriod::OneTime),
        "https://shop.example/",
    )
    .metadata(Metadata::from_json(r#"{"something":"else"}"#).unwrap());
    let session = shop.kelviq.client().create_checkout_session(&request).await;
    session.unwrap();
    shop.pay().await;
    assert_eq!(log::count("order fulfilled"), 0);
    assert_eq!(log::count("the metadata is invalid"), 1);
}

/// What a paid checkout becomes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    Fulfilled,
    Review,
}

/// Buys the Team plan and pays it with an event that `change` has edited. The event must become an order that the buyer
/// sees on both pages, and it must be handled.
async fn assert_becomes_an_order(
    name: &str,
    change: impl Fn(&mut Map<String, Value>),
    outcome: Outcome,
    amount: &str,
) {
    log::clear();
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Team").await.location();
    let status = shop.pay_with(|event| {
        change(event["data"]["object"].as_object_mut().unwrap());
    });
    assert_eq!(status.await, StatusCode::OK, "{name}");

    let (thanks, reference) = return_path(&shop.last_checkout());
    for path in [thanks.as_str(), "/orders"] {
        let page = buyer.get(path).await;
        let orders = page.html.matches("<article").count();
        assert_eq!(orders, 1, "{name}, {path}: {}", page.html);
        let shows_amount = page.html.contains(r#"<p class="amount">"#);
        assert_eq!(shows_amount, !amount.is_empty(), "{name}, {path}");
        page.assert_shows(amount);
        page.assert_shows(&reference);
        let needs_review = page.html.contains("Needs review");
        assert_eq!(needs_review, outcome == Outcome::Review, "{name}, {path}");
    }
    let is_fulfilled = usize::from(outcome == Outcome::Fulfilled);
    assert_eq!(log::count("order fulfilled"), is_fulfilled, "{name}");
    assert_eq!(log::count("ERROR"), 1 - is_fulfilled, "{name}");
    assert_eq!(log::count("resolve this order by hand"), 1 - is_fulfilled);
    // The operator finds the order by both ids.
    let (line, session_id) = (
        ["by hand", "order fulfilled"][is_fulfilled],
        shop.last_checkout().id,
    );
    for id in [reference, session_id] {
        assert_eq!(log::count_both(line, &id), 1, "{name}");
    }
}

/// `checkout.completed` is the payment. Kelviq documents only `success` here and may use other words, so any other one
/// needs a person to look at the order.
#[tokio::test]
async fn a_paid_order_is_kept_whatever_its_status_is() {
    for (status, outcome) in [
        (json!("success"), Outcome::Fulfilled),
        (json!(null), Outcome::Fulfilled),
        (json!("paid"), Outcome::Review),
        (json!("SUCCESS"), Outcome::Review),
        (json!("processing"), Outcome::Review),
        (json!("open"), Outcome::Review),
        (json!("expired"), Outcome::Review),
        (json!(""), Outcome::Review),
    ] {
        let change = |object: &mut Map<String, Value>| {
            object.insert("status".into(), status.clone());
        };
        assert_becomes_an_order(&status.to_string(), change, outcome, "$900").await;
    }
}

/// The route does not run the handler again for a checkout that it has handled.
#[tokio::test]
async fn a_later_event_of_a_checkout_does_not_end_its_review() {
    log::clear();
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    let session_id = shop.last_checkout().id;
    let status = shop.pay_with(|event| event["data"]["object"]["status"] = json!("processing"));
    assert_eq!(status.await, StatusCode::OK);
    let later = shop.kelviq.pay(&session_id).again_as_new_event();
    let response = later.deliver_to(&shop.router, WEBHOOKS).await;
    assert_eq!(response.status(), StatusCode::OK);

    let orders = buyer.get("/orders").await;
    assert_eq!(orders.html.matches("<article").count(), 1);
    orders.assert_shows("Needs review");
    assert_eq!(
        log::count_both("resolve this order by hand", &session_id),
        1
    );
    assert_eq!(log::count("order fulfilled"), 0);
}

#[tokio::test]
async fn a_paid_order_is_kept_without_optional_fields_and_with_unknown_values() {
    for field in [
        "status",
        "checkout_type",
        "plan",
        "product",
        "customer",
        "customer_id",
        "features",
        "data",
        "billing_address",
        "discount_code",
    ] {
        for value in [None, Some(json!("unknown")), Some(json!(7))] {
            if field == "status" && value.is_some() {
                continue;
            }
            let change = |object: &mut Map<String, Value>| match &value {
                Some(value) => _ = object.insert(field.into(), value.clone()),
                None => _ = object.remove(field),
            };
            assert_becomes_an_order(field, change, Outcome::Fulfilled, "$900").await;
        }
    }
}

/// With a discount of 100 %, the amount is 0.
#[tokio::test]
async fn a_paid_order_is_fulfilled_with_any_amount() {
    for (amount, currency, shown) in [
        (Some("0.00"), Some("USD"), ">$0<"),
        (Some("0"), Some("EUR"), ">€0<"),
        (Some("1234.50"), Some("EUR"), ">€1,234.50<"),
        (Some("1200"), Some("JPY"), ">¥1,200<"),
        (Some("1200.00"), Some("JPY"), ">¥1,200<"),
        (Some("12.90"), Some("CHF"), ">CHF\u{a0}12.90<"),
        (Some("180.00"), None, ">180<"),
        (None, Some("USD"), ""),
        (None, None, ""),
    ] {
        let change = |object: &mut Map<String, Value>| {
            for field in ["amount", "amount_units", "currency"] {
                object.remove(field);
            }
            if let Some(amount) = amount {
                object.insert("amount".into(), amount.into());
            }
            if let Some(currency) = currency {
                object.insert("currency".into(), currency.into());
            }
        };
        assert_becomes_an_order(shown, change, Outcome::Fulfilled, shown).await;
    }
}

#[tokio::test]
async fn a_paid_order_is_kept_with_any_metadata() {
    let reset = |object: &mut Map<String, Value>, key: &str, value: Option<Value>| {
        let metadata = object["metadata"].as_object_mut().unwrap();
        match value {
            Some(value) => _ = metadata.insert(key.into(), value),
            None => _ = metadata.remove(key),
        }
    };
    for (key, value) in [
        ("offer", Some(json!("no-longer-sold"))),
        ("offer", None),
        ("order_ref", Some(json!("not a reference"))),
        ("order_ref", None),
        ("customer_id", None),
        ("seats", Some(json!("many"))),
        ("seats", Some(json!(-1))),
    ] {
        let name = format!("{key}: {value:?}");
        let change = |object: &mut Map<String, Value>| reset(object, key, value.clone());
        assert_becomes_an_order(&name, change, Outcome::Review, "$900").await;
    }
    for metadata in [None, Some(json!(null)), Some(json!([])), Some(json!("{}"))] {
        let change = |object: &mut Map<String, Value>| match &metadata {
            Some(value) => _ = object.insert("metadata".into(), value.clone()),
            None => _ = object.remove("metadata"),
        };
        let name = format!("{metadata:?}");
        assert_becomes_an_order(&name, change, Outcome::Review, "$900").await;
    }
    // The event's customer is missing as well. The buyer is named in the metadata.
    let change = |object: &mut Map<String, Value>| {
        object.remove("customer");
        reset(object, "offer", None);
    };
    assert_becomes_an_order("no customer", change, Outcome::Review, "$900").await;
}

#[tokio::test]
async fn an_event_without_a_session_id_becomes_an_order() {
    for id in [json!(null), json!(""), json!({})] {
        let shop = Storefront::open().await;
        let mut buyer = shop.visitor();
        buyer.click("Buy Starter").await.location();
        let status = shop.pay_with(|event| event["data"]["object"]["id"] = id.clone());
        assert_eq!(status.await, StatusCode::OK);
        let orders = buyer.get("/orders").await;
        assert_eq!(orders.html.matches("<article").count(), 1, "{id}");
        orders.assert_hides("Needs review");
    }
}

#[tokio::test]
async fn a_checkout_with_several_event_ids_becomes_one_order() {
    log::clear();
    let shop = Storefront::open().await;
    let mut buyer = shop.visitor();
    buyer.click("Buy Starter").await.location();
    let payment = shop.kelviq.pay(&shop.last_checkout().id);
    for payment in [
        payment.clone(),
        payment.again_as_new_event(),
        payment.again_as_new_event(),
    ] {
        let response = payment.deliver_to(&shop.router, WEBHOOKS).await;
        assert_eq!(response.status(), StatusCode::OK);
    }
    let orders = buyer.get("/orders").await;
    assert_eq!(orders.html.matches("<article").count(), 1);
    orders.assert_hides("Needs review");
    assert_eq!(log::count("order fulfilled"), 1);
    assert_eq!(log::count("ERROR"), 0);
}
