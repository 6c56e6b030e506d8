//! The email address on the hosted checkout page.

use kelviq_axum::fake::FakeKelviq;
use serde_json::Value;

use super::support::{SUCCESS_URL, body, created, get as api, header, http, page_url, press};

async fn shown(kelviq: &FakeKelviq, session_id: &str) -> String {
    let response = http()
        .get(page_url(kelviq, session_id))
        .send()
        .await
        .unwrap();
    response.text().await.unwrap()
}

/// Presses "Pay" with an email address in the form. Returns where that leads.
async fn pay_as(kelviq: &FakeKelviq, session_id: &str, email: &str) -> String {
    let url = format!("{}pay", page_url(kelviq, session_id));
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("email", email)
        .finish();
    let response = http().post(url).body(form).send().await.unwrap();
    assert_eq!(response.status(), 303);
    header(&response, "location").to_owned()
}

#[tokio::test]
async fn the_email_address_is_entered_on_the_page_and_written_to_the_customer() {
    let kelviq = FakeKelviq::start().await;
    let id = created(&kelviq, body(r#","customerId":"cust_1""#)).await;
    let page = shown(&kelviq, &id).await;
    for text in [
        "<dt>Name</dt><dd>cust_1</dd>",
        r#"<label for="email">Email</label>"#,
        r#"<input id="email" type="email" name="email" value="buyer@example.com" autocomplete="email" required>"#,
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    for email in ["", "ada", "ada@example"] {
        let page = format!("/checkout/{id}/?invalid-email");
        assert_eq!(pay_as(&kelviq, &id, email).await, page, "{email}");
    }
    let url = format!("{}?invalid-email", page_url(&kelviq, &id));
    let page = http().get(url).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Enter a valid email address.") && page.contains(r#"role="alert""#));
    assert!(!kelviq.checkouts()[0].is_paid);

    assert_eq!(pay_as(&kelviq, &id, "Ada@Example.com").await, SUCCESS_URL);
    let paid: Value = serde_json::from_str(kelviq.pay(&id).as_json()).unwrap();
    let object = &paid["data"]["object"];
    assert_eq!(object["customer"]["email"], "Ada@Example.com");
    assert_eq!(object["data"]["email"], "Ada@Example.com");

    // The next checkout shows it, and it can be changed.
    let id = created(&kelviq, body(r#","customerId":"cust_1""#)).await;
    assert!(
        shown(&kelviq, &id)
            .await
            .contains(r#"value="Ada@Example.com""#)
    );
    assert_eq!(pay_as(&kelviq, &id, "ada@example.org").await, SUCCESS_URL);
    let customer = api(&kelviq, "/customers/cust_1/").await;
    assert_eq!(customer["email"], "ada@example.org");
}

#[tokio::test]
async fn a_locked_email_address_is_read_only_and_an_empty_one_prevents_the_payment() {
    let kelviq = FakeKelviq::start().await;
    let more = r#","customerId":"cust_1","lockEmail":true"#;
    let locked = created(&kelviq, body(more)).await;
    let page = shown(&kelviq, &locked).await;
    let input = r#"<input id="email" type="email" name="email" value="" autocomplete="email" required readonly"#;
    assert!(
        page.contains(input) && page.contains("cannot be paid"),
        "{page}"
    );
    let back = format!("/checkout/{locked}/?no-email");
    assert_eq!(pay_as(&kelviq, &locked, "ada@example.com").await, back);
    assert_eq!(
        header(&press(&kelviq, &locked, "pay").await, "location"),
        back
    );
    assert!(!kelviq.checkouts()[0].is_paid);

    // With an email address, the one of the form does not count.
    let paid = created(&kelviq, body(r#","customerId":"cust_1""#)).await;
    assert_eq!(pay_as(&kelviq, &paid, "ada@example.com").await, SUCCESS_URL);
    assert!(
        shown(&kelviq, &locked)
            .await
            .contains(r#"value="ada@example.com""#)
    );
    assert_eq!(
        pay_as(&kelviq, &locked, "other@example.com").await,
        SUCCESS_URL
    );
    let customer = api(&kelviq, "/customers/cust_1/").await;
    assert_eq!(customer["email"], "ada@example.com");

    // A test can pay nevertheless.
    let other = created(&kelviq, body(r#","lockEmail":true"#)).await;
    assert!(kelviq.pay(&other).as_json().contains("buyer@example.com"));
}
