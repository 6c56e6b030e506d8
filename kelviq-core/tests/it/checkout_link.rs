//! Static checkout links.

use kelviq_core::{ChargePeriod, CheckoutLink, Environment};

use crate::support::request::fields;

const PRODUCT: &str = "0b54d1c2-7a0e-4b69-9d3f-2f6c8e1a5b70";

#[test]
fn a_link_leads_to_the_environment_of_its_product() {
    for (environment, url) in [
        (Environment::Production, "https://www.kelviq.com/buy/"),
        (Environment::Sandbox, "https://www.kelviq.com/sandbox/buy/"),
    ] {
        let link = CheckoutLink::new(environment, PRODUCT).to_url().unwrap();
        assert_eq!(link, format!("{url}{PRODUCT}/"));
    }
}

#[test]
fn every_parameter_has_its_documented_name() {
    let link = CheckoutLink::new(Environment::Production, PRODUCT)
        .plans_enabled(["pro", "team"])
        .plan_identifier("pro")
        .charge_period(ChargePeriod::OneTime)
        .discounts_enabled(false)
        .discount_code("A&B")
        .customer_id("cust 789")
        .success_url("https://a.example/thanks?x=1&y=2")
        .to_url()
        .unwrap();
    assert_eq!(
        link.split_once('?').unwrap().1,
        "enabled=pro%2Cteam&plan_identifier=pro&charge_period=ONE_TIME&discounts_enabled=false\
         &discount_code=A%26B&customer_id=cust+789&success_url=https%3A%2F%2Fa.example%2Fthanks%3Fx%3D1%26y%3D2"
    );
}

#[test]
fn a_link_with_invalid_parameters_is_rejected() {
    for product in ["", "..", "a/b", "a?b", "a b", "é"] {
        let error = CheckoutLink::new(Environment::Sandbox, product)
            .to_url()
            .unwrap_err();
        assert_eq!(fields(&error)[0], "product_id", "{product:?}");
    }
    let error = CheckoutLink::new(Environment::Sandbox, PRODUCT)
        .success_url("/thanks")
        .plans_enabled(["a,b"])
        .to_url()
        .unwrap_err();
    assert_eq!(fields(&error), ["enabled", "success_url"]);
}

#[test]
fn debug_shows_nothing_personal() {
    let link = CheckoutLink::new(Environment::Sandbox, PRODUCT)
        .plan_identifier("pro")
        .discount_code("SPRING")
        .customer_id("cust_789")
        .success_url("https://app.example.com/thanks");
    let shown = format!("{link:?}");
    assert!(shown.contains(PRODUCT) && shown.contains("pro"), "{shown}");
    for personal in ["SPRING", "cust_789", "app.example.com"] {
        assert!(!shown.contains(personal), "{shown}");
    }
}
