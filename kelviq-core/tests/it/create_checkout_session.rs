//! The JSON of a checkout request, and the validation of its fields.

use kelviq_core::{
    Amount, ChargePeriod, CheckoutPlan, CreateCheckoutSession, CustomAmount, ErrorKind, Metadata,
    TaxBehavior,
};

use serde_json::json;

use crate::support::request::{SUCCESS_URL, fields, plan, request};

fn request_for(plan: CheckoutPlan) -> CreateCheckoutSession {
    CreateCheckoutSession::new(plan, SUCCESS_URL)
}

#[track_caller]
fn assert_invalid(request: &CreateCheckoutSession, expected: &[&str]) {
    let error = request.to_json().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(fields(&error), expected, "{request:?}");
}

#[test]
fn every_field_has_its_documented_name_and_form() {
    let plan = plan()
        .quantity("seats", 5)
        .plans_enabled(["pro", "team"])
        .custom_amount(CustomAmount::new(
            "349.99".parse().unwrap(),
            "USD",
            TaxBehavior::Exclusive,
        ))
        .discounts_enabled(false)
        .discount_code("WELCOME20")
        .default_billing_country("US")
        .offering_id("of_1")
        .pricing_table_id("pt_1")
        .rule_id("ru_1")
        .trial_period(14);
    let json = request_for(plan)
        .customer_id("cust_789")
        .lock_email(true)
        .ip_address("103.154.35.20".parse().unwrap())
        .cancel_url("https://a.example/cancelled")
        .metadata(Metadata::from_json(r#"{ "order_ref":"ABC-123" }"#).unwrap())
        .to_json()
        .unwrap();
    assert_eq!(
        json,
        concat!(
            r#"{"planIdentifier":"pro","chargePeriod":"MONTHLY","successUrl":"https://a.example/thanks","#,
            r#""cancelUrl":"https://a.example/cancelled","customerId":"cust_789","lockEmail":true,"#,
            r#""features":[{"identifier":"seats","quantity":5}],"ipAddress":"103.154.35.20","#,
            r#""plansEnabled":"pro,team","customAmount":349.99,"currencyCode":"USD","taxBehavior":"EXCLUSIVE","#,
            r#""discountsEnabled":false,"discountCode":"WELCOME20","defaultBillingCountry":"US","#,
            r#""offeringId":"of_1","pricingTableId":"pt_1","ruleId":"ru_1","trialPeriod":14,"#,
            r#""metadata":{ "order_ref":"ABC-123" }}"#,
        )
    );
}

#[test]
fn fields_that_are_not_set_are_absent() {
    assert_eq!(
        request().to_json().unwrap(),
        r#"{"planIdentifier":"pro","chargePeriod":"MONTHLY","successUrl":"https://a.example/thanks"}"#
    );
}

#[test]
fn a_charge_period_that_kelviq_adds_later_can_be_sent() {
    let request = request_for(CheckoutPlan::new("pro", "TWO_YEARS".into()));
    assert!(
        request
            .to_json()
            .unwrap()
            .contains(r#""chargePeriod":"TWO_YEARS""#)
    );
    assert_eq!(
        ChargePeriod::from("TWENTY_EIGHT_DAYS"),
        ChargePeriod::TwentyEightDays
    );
}

#[test]
fn every_invalid_field_is_reported() {
    let plan = CheckoutPlan::new(" ", ChargePeriod::Monthly)
        .quantity("seats", 0)
        .default_billing_country("us");
    let request = CreateCheckoutSession::new(plan, "/thanks")
        .cancel_url("ftp://a.example")
        .customer_id("");
    assert_invalid(
        &request,
        &[
            "planIdentifier",
            "successUrl",
            "cancelUrl",
            "customerId",
            "features[0].quantity",
            "defaultBillingCountry",
        ],
    );
}

#[test]
fn urls_are_absolute_http_addresses() {
    for url in [
        "",
        "thanks",
        "/thanks",
        "//a.example",
        "javascript:alert(1)",
        "mailto:a@b.example",
        "https://",
        "https://a.example/\n",
        " https://a.example/",
        "https://a.example/a b",
        "https://u:p@a.example/",
        "https:a.example/",
        "https:/a.example/",
        "https:///a.example/",
        "https:\\\\a.example\\thanks",
        "https://a.example\\@evil.example/",
        "https://a\u{200b}b.example/",
        "https://münchen.example/",
    ] {
        let request = CreateCheckoutSession::new(plan(), url);
        let error = request.to_json().unwrap_err();
        assert_eq!(fields(&error), ["successUrl"], "{url:?}");
    }
    for url in ["http://127.0.0.1:3000/", "https://a.example:8443/x?y=z#w"] {
        assert!(
            CreateCheckoutSession::new(plan(), url).to_json().is_ok(),
            "{url}"
        );
    }
}

#[test]
fn an_amount_is_written_as_it_was_given() {
    for (amount, number) in [
        (Amount::from(349_u32), "349"),
        (Amount::from(u64::MAX), "18446744073709551615"),
        ("349".parse().unwrap(), "349"),
        ("349.99".parse().unwrap(), "349.99"),
        ("349.90".parse().unwrap(), "349.90"),
        ("0.5".parse().unwrap(), "0.5"),
    ] {
        let amount = CustomAmount::new(amount, "EUR", TaxBehavior::Inclusive);
        let json = request_for(plan().custom_amount(amount)).to_json().unwrap();
        assert!(
            json.contains(&format!(r#""customAmount":{number},"#)),
            "{json}"
        );
    }
    for text in [
        "", ".", "1.", ".5", "-1", "+1", "1e3", "1,5", "NaN", "inf", "0x1", "01", " 1", "1 ",
        "1.2.3",
    ] {
        assert!(text.parse::<Amount>().is_err(), "{text:?}");
    }
    let nothing = CustomAmount::new("0.00".parse().unwrap(), "eur", TaxBehavior::Inclusive);
    assert_invalid(
        &request_for(plan().custom_amount(nothing)),
        &["customAmount", "currencyCode"],
    );
}

#[test]
fn a_charge_period_or_tax_behavior_that_is_not_in_capitals_is_invalid() {
    for period in ["monthly", "Monthly", "THREE-MONTHS", "three months", ""] {
        let plan = CheckoutPlan::new("pro", ChargePeriod::from(period));
        assert_invalid(&request_for(plan), &["chargePeriod"]);
    }
    let new = CheckoutPlan::new("pro", ChargePeriod::from("TWO_YEARS_2"));
    assert!(request_for(new).to_json().is_ok());

    let amount = "349.99".parse().unwrap();
    let custom = CustomAmount::new(amount, "USD", TaxBehavior::from("inclusive"));
    assert_invalid(&request_for(plan().custom_amount(custom)), &["taxBehavior"]);
}

#[test]
fn metadata_that_cannot_be_serialized_is_an_invalid_field() {
    struct Broken;
    impl kelviq_core::ToMetadata for Broken {
        fn write_metadata(
            &self,
            writer: &mut kelviq_core::MetadataWriter,
        ) -> Result<(), kelviq_core::MetadataError> {
            writer.entry("map", &std::collections::BTreeMap::from([((1, 2), 3)]))
        }
    }
    assert_invalid(&request().metadata(Broken), &["metadata"]);
}

#[test]
fn metadata_can_be_a_json_object_and_no_other_json() {
    let json = request()
        .metadata(json!({"order_ref": "ABC-123"}))
        .to_json()
        .unwrap();
    assert!(
        json.ends_with(r#""metadata":{"order_ref":"ABC-123"}}"#),
        "{json}"
    );
    assert_invalid(&request().metadata(json!(["ABC-123"])), &["metadata"]);
    // With the braces, the key and the quotation marks.
    let of_length = |length: usize| json!({ "k": "a".repeat(length - 8) });
    assert!(request().metadata(of_length(64 * 1024)).to_json().is_ok());
    let too_long = request().metadata(of_length(64 * 1024 + 1));
    assert_invalid(&too_long, &["metadata"]);
}

#[test]
fn a_float_becomes_the_shortest_decimal_that_round_trips() {
    for (number, text) in [
        (349.0, "349"),
        (349.99, "349.99"),
        (0.1, "0.1"),
        (1e6, "1000000"),
    ] {
        assert_eq!(Amount::try_from(number).unwrap().as_str(), text);
    }
    for number in [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, 1e300] {
        assert!(Amount::try_from(number).is_err(), "{number}");
    }
}

#[test]
fn debug_output_has_no_data_about_the_buyer() {
    let plan = plan()
        .quantity("seats", 5)
        .discount_code("FOR-ADA")
        .default_billing_country("DE");
    let request = request_for(plan)
        .customer_id("ada-lovelace")
        .metadata(Metadata::from_json(r#"{"note":"for ada"}"#).unwrap());
    let debug = format!("{request:?}");
    assert!(debug.contains("pro") && debug.contains("seats"), "{debug}");
    for hidden in ["FOR-ADA", "lovelace", "for ada", "\"DE\""] {
        assert!(!debug.contains(hidden), "{hidden} in {debug}");
    }
}
