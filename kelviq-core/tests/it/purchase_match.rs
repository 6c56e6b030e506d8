//! Joining a checkout with its subscription.

use kelviq_core::{CheckoutCompleted, PurchaseMatch, Subscription};

use crate::events::fixtures::event_about;

fn checkout(id: &str, customer: &str, plan: &str) -> CheckoutCompleted {
    checkout_json(&format!(
        r#"{{"id":"{id}","checkout_type":"SUBSCRIPTION","customer_id":"{customer}","customer":{{"id":"{customer}",
        "customer_id":"app"}},"plan":{{"identifier":"{plan}"}}}}"#
    ))
}

fn checkout_json(object: &str) -> CheckoutCompleted {
    event_about("checkout.completed", object).object().unwrap()
}

fn subscription(id: &str, customer: &str, plan: &str) -> Subscription {
    subscription_json(&format!(
        r#"{{"id":"{id}","customer":{{"id":"{customer}","customer_id":"app"}},"plan":{{"identifier":"{plan}"}}}}"#
    ))
}

fn subscription_json(object: &str) -> Subscription {
    event_about("subscription.created", object)
        .object()
        .unwrap()
}

#[test]
fn a_checkout_finds_its_subscription_and_the_reverse() {
    let checkouts = [
        checkout("cs_1", "uuid-1", "pro"),
        checkout("cs_2", "uuid-1", "team"),
        checkout("cs_3", "uuid-2", "pro"),
    ];
    let subscriptions = [
        subscription("sub_3", "uuid-2", "pro"),
        subscription("sub_2", "uuid-1", "team"),
        subscription("sub_1", "uuid-1", "pro"),
    ];
    for (checkout, subscription) in checkouts.iter().zip(subscriptions.iter().rev()) {
        assert_eq!(
            checkout.find_subscription(&subscriptions),
            PurchaseMatch::One(subscription)
        );
        assert_eq!(
            subscription.find_checkout(&checkouts),
            PurchaseMatch::One(checkout)
        );
    }
    let other = checkout("cs_4", "uuid-3", "pro");
    assert_eq!(other.find_subscription(&subscriptions), PurchaseMatch::None);
    let other = subscription("sub_4", "uuid-2", "team");
    assert_eq!(other.find_checkout(&checkouts), PurchaseMatch::None);
    assert_eq!(checkouts[0].find_subscription([]), PurchaseMatch::None);
}

#[test]
fn several_candidates_are_ambiguous() {
    let subscriptions = [
        subscription("sub_1", "uuid-1", "pro"),
        subscription("sub_2", "uuid-1", "team"),
        subscription("sub_3", "uuid-1", "pro"),
    ];
    let both = vec![&subscriptions[0], &subscriptions[2]];
    let checkout_of_pro = checkout("cs_1", "uuid-1", "pro");
    assert_eq!(
        checkout_of_pro.find_subscription(&subscriptions),
        PurchaseMatch::Ambiguous(both)
    );
    let checkouts = [checkout_of_pro, checkout("cs_2", "uuid-1", "pro")];
    let both = checkouts.iter().collect();
    assert_eq!(
        subscriptions[0].find_checkout(&checkouts),
        PurchaseMatch::Ambiguous(both)
    );

    // Candidates without an id are not the same.
    let nameless = r#"{"customer":{"id":"uuid-1"},"plan":{"identifier":"pro"}}"#;
    let subscriptions = [subscription_json(nameless), subscription_json(nameless)];
    assert!(matches!(
        checkouts[0].find_subscription(&subscriptions),
        PurchaseMatch::Ambiguous(found) if found.len() == 2
    ));
}

#[test]
fn several_states_of_one_candidate_are_one() {
    let created = subscription("sub_1", "uuid-1", "pro");
    let mut updated = created.clone();
    updated.status = Some("active".into());
    let checkout_of_pro = checkout("cs_1", "uuid-1", "pro");
    assert_eq!(
        checkout_of_pro.find_subscription([&created, &updated]),
        PurchaseMatch::One(&updated)
    );
    // One checkout can be announced by several events.
    assert_eq!(
        created.find_checkout([&checkout_of_pro, &checkout_of_pro.clone()]),
        PurchaseMatch::One(&checkout_of_pro)
    );
}

#[test]
fn an_unknown_customer_or_plan_matches_nothing() {
    let nobody = checkout_json(r#"{"id":"cs_1","plan":{"identifier":"pro"}}"#);
    let no_plan = checkout_json(r#"{"id":"cs_1","customer":{"id":"uuid-1"}}"#);
    let empty = checkout("cs_1", "", "");
    let subscriptions = [
        subscription("sub_1", "uuid-1", "pro"),
        subscription_json(r#"{"id":"sub_2","plan":{"identifier":"pro"}}"#),
        subscription_json(r#"{"id":"sub_3","customer":{"id":"uuid-1"}}"#),
        subscription_json("{}"),
        subscription("sub_4", "", ""),
    ];
    for checkout in [&nobody, &no_plan, &empty] {
        assert_eq!(
            checkout.find_subscription(&subscriptions),
            PurchaseMatch::None
        );
    }
    // The application's own id does not join them: the ids below are of different customers.
    let other = checkout("cs_1", "uuid-2", "pro");
    assert_eq!(other.find_subscription(&subscriptions), PurchaseMatch::None);
}

#[test]
fn kelviqs_id_beside_the_customer_counts_as_well() {
    let subscription = subscription("sub_1", "uuid-1", "pro");
    let checkout = checkout_json(
        r#"{"id":"cs_1","customer_id":"uuid-1","customer":null,"plan":{"identifier":"pro"}}"#,
    );
    assert_eq!(
        checkout.find_subscription([&subscription]),
        PurchaseMatch::One(&subscription)
    );
}

#[test]
fn a_one_time_purchase_has_no_subscription() {
    let mut one_time = checkout("cs_1", "uuid-1", "pro");
    one_time.checkout_type = Some("ONE_TIME".into());
    let subscription = subscription("sub_1", "uuid-1", "pro");
    assert_eq!(
        one_time.find_subscription([&subscription]),
        PurchaseMatch::None
    );
    let monthly = checkout("cs_2", "uuid-1", "pro");
    assert_eq!(
        subscription.find_checkout([&one_time, &monthly]),
        PurchaseMatch::One(&monthly)
    );
    // A type that is new or missing can have one.
    for checkout_type in [None, Some("PREPAID".into())] {
        one_time.checkout_type = checkout_type;
        assert_eq!(
            subscription.find_checkout([&one_time]),
            PurchaseMatch::One(&one_time)
        );
    }
}
