//! Form fields that an offer allows, and what the application responds to them.

use axum::http::StatusCode;

use crate::support::{CHECKOUT, Log, Store, action, form, script};

#[tokio::test]
async fn a_field_that_the_offer_allows_is_in_the_metadata() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let fields = "offer=pro&note=For+Ada&other=x&page=%2Fplans";
    for request in [
        form(&action(&page, "pro"), fields),
        script(CHECKOUT, "offer=pro&note=For+Ada+too&other=x&page=%2Fplans"),
    ] {
        store.send(request).await;
    }
    let notes: Vec<_> = store
        .kelviq
        .checkouts()
        .iter()
        .map(|checkout| checkout.metadata.as_json().to_owned())
        .collect();
    assert_eq!(notes.len(), 2);
    assert!(notes[0].ends_with(r#","note":"For Ada"}"#), "{notes:?}");
    assert!(notes[1].ends_with(r#","note":"For Ada too"}"#), "{notes:?}");
}

#[tokio::test]
async fn an_invalid_field_is_shown_below_the_button() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let fields = format!("offer=pro&note={}", "x".repeat(501));
    let response = store.send(form(&action(&page, "pro"), &fields)).await;
    let (address, _) = response.error_page();
    assert_eq!(
        address,
        "/plans?kelviq_failed=pro&kelviq_error=invalid_field"
    );
    let page = store.page(response.location()).await;
    assert!(page.contains("A text in the form is too long"), "{page}");

    let response = store.send(script(CHECKOUT, &fields)).await;
    assert_eq!(response.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(response.error().0, "invalid_field");
}

#[tokio::test]
async fn a_failure_of_the_metadata_is_converted_like_a_rejection_of_the_extractor() {
    let store = Store::open().await;
    let page = store.page("/plans").await;
    let (log, _guard) = Log::record();
    for (note, status, code, line) in [
        ("sold+out", 403, "buyer_refused", "an error response"),
        ("busy", 503, "busy", "an error response"),
        ("database", 500, "internal", "an error response"),
        ("panic", 500, "internal", "panicked"),
    ] {
        let fields = format!("offer=pro&note={note}");
        let response = store.send(form(&action(&page, "pro"), &fields)).await;
        let (address, reference) = response.error_page();
        assert_eq!(
            address,
            format!("/plans?kelviq_failed=pro&kelviq_error={code}")
        );
        assert!(log.has_line(line, reference), "{}", log.text());

        let response = store.send(script(CHECKOUT, &fields)).await;
        assert_eq!(response.status.as_u16(), status, "{note}");
        let (error, reference) = response.error();
        assert_eq!(error, code);
        assert!(log.has_line(line, reference), "{}", log.text());
    }
    assert!(!log.text().contains("the buyer's extractor"));

    let fields = "offer=pro&note=waiting+list";
    let response = store.send(form(&action(&page, "pro"), fields)).await;
    assert_eq!(response.location(), "/waiting-list");
    let response = store.send(script(CHECKOUT, fields)).await;
    assert_eq!(response.body, r#""/waiting-list""#);
    assert!(store.kelviq.checkouts().is_empty());
}
