//! Checkout sessions after their creation: state, list and timeline.

use futures_util::{StreamExt, TryStreamExt};
use kelviq_core::{
    BillingType, ErrorKind, ListCheckoutSessions, OrderStatus, SessionStatus, SubscriptionStatus,
    TimelineStatus,
};

use crate::support::upstream::{Upstream, ok, response};

const PAID: &str = r#"{
    "id": "cs_1", "status": "success", "currency": "eur", "createdOn": "2026-09-01T10:00:00Z",
    "discountCode": "SPRING",
    "customer": {"customerId": "cust_789", "name": "Ada", "email": "ada@b.example"},
    "product": {"id": "0b54d1c2", "identifier": "suite", "name": "Suite"},
    "billingAddress": {"line1": "Main Street 1", "country": "DE"},
    "metadata": {"order_ref": "ABC-123", "price": 1.10}, "trialPeriod": 14, "selectedData": {"plan": "pro"},
    "order": {"id": "ORD-1", "status": "COMPLETE", "billingType": "SUBSCRIPTION", "amountTotal": "261.00",
              "amountTax": null, "isTrial": false, "saleCurrency": "EUR", "invoiceId": "INV-1", "new": 1},
    "subscription": {"id": "sub_1", "status": "active", "recurrenceUnit": 1, "trialDaysRemaining": 3},
    "paymentMethod": {"paymentMethodType": "card", "paymentMethodName": "visa", "last4": "4242"}
}"#;

#[tokio::test]
async fn a_session_is_read_with_its_order_and_subscription() {
    let upstream = Upstream::responding([ok(PAID)]).await;
    let session = upstream
        .client()
        .retrieve_checkout_session("cs_1")
        .await
        .unwrap();
    assert_eq!(session.status, Some(SessionStatus::Success));
    assert_eq!(
        session.metadata.as_ref().unwrap().get_json("price"),
        Some("1.10")
    );
    assert_eq!(session.trial_period, Some(14));
    assert_eq!(
        session.customer.as_ref().unwrap().customer_id.as_deref(),
        Some("cust_789")
    );
    let order = session.order.as_ref().unwrap();
    assert_eq!(order.status, Some(OrderStatus::Complete));
    assert_eq!(order.billing_type, Some(BillingType::Subscription));
    assert_eq!(order.amount_total.as_ref().unwrap().as_str(), "261.00");
    assert_eq!(order.amount_tax, None);
    let subscription = session.subscription.as_ref().unwrap();
    assert_eq!(subscription.status, Some(SubscriptionStatus::Active));
    assert_eq!(
        session.payment_method.as_ref().unwrap().last4.as_deref(),
        Some("4242")
    );
    assert!(upstream.requests()[0].starts_with("GET /api/v1/checkout/sessions/cs_1/ HTTP/1.1\r\n"));

    let shown = format!("{session:?}");
    for personal in ["Ada", "ada@", "Main Street", "4242", "ABC-123", "SPRING"] {
        assert!(!shown.contains(personal), "{shown}");
    }
}

#[tokio::test]
async fn a_session_without_any_known_field_is_still_a_session() {
    for body in [
        "{}",
        r#"{"id": [5], "status": {}, "order": [], "metadata": "x"}"#,
    ] {
        let upstream = Upstream::responding([ok(body)]).await;
        let session = upstream
            .client()
            .retrieve_checkout_session("cs_1")
            .await
            .unwrap();
        assert_eq!((session.id, session.order), (None, None));
    }
    let upstream = Upstream::responding([ok("[]")]).await;
    let error = upstream
        .client()
        .retrieve_checkout_session("cs_1")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
}

#[tokio::test]
async fn an_id_cannot_lead_to_another_path() {
    let upstream = Upstream::responding([ok("{}")]).await;
    let kelviq = upstream.client();
    for id in [
        "", ".", "..", "\t", ".\t.", ".\r\n.", "a b", "a/b", "../a", "a?b", "a#b", "%2e%2e",
        "a%2Fb", "..;", "é",
    ] {
        let error = kelviq.retrieve_checkout_session(id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id:?}");
        let mut events = std::pin::pin!(kelviq.list_checkout_session_events(id));
        let error = events.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{id:?}");
    }
    assert_eq!(upstream.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn an_answer_about_another_session_is_an_error() {
    let upstream = Upstream::responding([ok(r#"{"id": "cs_2", "status": "success"}"#)]).await;
    let error = upstream
        .client()
        .retrieve_checkout_session("cs_1")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
}

#[tokio::test]
async fn a_list_goes_on_page_after_page_and_only_as_far_as_it_is_read() {
    // The URL in `next` is on another host and must not be followed.
    let next = r#""next": "https://evil.example/?page=2""#;
    let upstream = Upstream::responding([
        ok(&format!(
            r#"{{"count": 3, {next}, "results": [{{"id": "cs_3"}}, {{"id": "cs_2"}}]}}"#
        )),
        ok(r#"{"count": 3, "next": null, "results": [{"id": "cs_1"}]}"#),
    ])
    .await;
    let kelviq = upstream.client();
    let list = ListCheckoutSessions::new()
        .search("ada & co")
        .status(SessionStatus::Success)
        .start_date("2026-09-01")
        .end_date("2026-09-30");
    let mut sessions = kelviq.list_checkout_sessions(list);
    assert_eq!(upstream.requests().len(), 0);
    for (id, requests) in [("cs_3", 1), ("cs_2", 1), ("cs_1", 2)] {
        let session = sessions.next().await.unwrap().unwrap();
        assert_eq!(session.id.as_deref(), Some(id));
        assert_eq!(upstream.requests().len(), requests);
    }
    assert!(sessions.next().await.is_none());
    let query = "search=ada+%26+co&status=success&start_date=2026-09-01&end_date=2026-09-30&page_size=50&page=";
    for (request, page) in upstream.requests().iter().zip(1..) {
        let line = format!("GET /api/v1/checkout/sessions/?{query}{page} HTTP/1.1\r\n");
        assert!(request.starts_with(&line), "{request}");
    }
}

#[tokio::test]
async fn a_list_ends_with_an_error_or_an_empty_page() {
    let page = ok(r#"{"next": "x", "results": [{"id": "cs_1"}, 5]}"#);
    let upstream = Upstream::responding([page.clone(), response("500 Oops", "", "")]).await;
    let kelviq = upstream.client();
    let mut sessions = std::pin::pin!(kelviq.list_checkout_sessions(ListCheckoutSessions::new()));
    assert!(sessions.next().await.unwrap().is_ok());
    assert_eq!(
        sessions.next().await.unwrap().unwrap_err().status(),
        Some(500)
    );
    assert!(sessions.next().await.is_none());

    let upstream = Upstream::responding([page, ok(r#"{"next": "x", "results": []}"#)]).await;
    let kelviq = upstream.client();
    let sessions = kelviq.list_checkout_sessions(ListCheckoutSessions::new());
    assert_eq!(sessions.try_collect::<Vec<_>>().await.unwrap().len(), 1);

    for body in [
        "[]",
        "{}",
        r#"{"results": {}}"#,
        r#"{"next": "x", "results": [5]}"#,
    ] {
        let upstream = Upstream::responding([ok(body)]).await;
        let kelviq = upstream.client();
        let mut sessions =
            std::pin::pin!(kelviq.list_checkout_sessions(ListCheckoutSessions::new()));
        let error = sessions.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{body}");
    }
}

#[tokio::test]
async fn a_timeline_lists_events() {
    let upstream = Upstream::responding([ok(
        r#"{"next": null, "results": [{"id": 913, "title": "Created", "code": "checkout_session.created",
            "status": "success", "timestamp": "2026-09-01T10:00:00Z", "metadata": {"ip": "10.0.0.1"}}]}"#,
    )])
    .await;
    let kelviq = upstream.client();
    let events: Vec<_> = kelviq
        .list_checkout_session_events("cs_1")
        .try_collect()
        .await
        .unwrap();
    assert_eq!(events[0].code.as_deref(), Some("checkout_session.created"));
    assert_eq!(events[0].status, Some(TimelineStatus::Success));
    assert_eq!(
        events[0].metadata.as_ref().unwrap().as_json(),
        r#"{"ip": "10.0.0.1"}"#
    );
    let line = "GET /api/v1/checkout/sessions/cs_1/events/?page_size=50&page=1 HTTP/1.1\r\n";
    assert!(upstream.requests()[0].starts_with(line));
}

#[tokio::test]
async fn a_session_is_read_despite_a_byte_order_mark_and_numbers_for_strings() {
    let body = "\u{feff}{\"id\": 17, \"trialPeriod\": \"14\", \"discountCode\": 20, \"metadata\": [],
        \"order\": {\"isTrial\": \"false\", \"amountTotal\": 0.0}, \"subscription\": {\"recurrenceUnit\": 1.0}}";
    let upstream = Upstream::responding([ok(body)]).await;
    let kelviq = upstream.client();
    let session = kelviq.retrieve_checkout_session("17").await.unwrap();
    assert_eq!(session.id.as_deref(), Some("17"));
    assert_eq!(session.trial_period, Some(14));
    assert_eq!(session.discount_code.as_deref(), Some("20"));
    assert_eq!(session.metadata, None);
    let order = session.order.unwrap();
    assert_eq!(order.is_trial, Some(false));
    assert_eq!(order.amount_total.unwrap().as_str(), "0.0");
    assert_eq!(session.subscription.unwrap().recurrence_unit, Some(1));
}
