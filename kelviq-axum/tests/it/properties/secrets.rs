//! No secret, and nothing about a buyer, is in an output of `Debug` or `Display`, in an error, or in the log.

use axum::{
    Router,
    http::{StatusCode, request::Parts},
    routing::post,
};
use kelviq_axum::{
    Checkout, FormFields, Offer, Offers, ReconcileError, ReturnPath, SellError, Shop, SignIn,
    fake::FakeKelviq,
    kelviq_core::{ChargePeriod, CustomerProfile, Kelviq, Metadata, WebhookSecret},
};
use serde_json::json;

use super::output::check_unprinted;
use crate::support::{
    buyer::User, form, send, stub::Answer, stub::StubKelviq, webhook::paid, with,
};

pub(super) fn shop(api_key: &str, base_url: &str) -> Shop {
    let kelviq = Kelviq::builder(api_key).base_url(base_url).max_retries(0);
    Shop::new(kelviq.build().unwrap(), "https://app.example.com").unwrap()
}

pub(super) fn webhook_secret(random: &str) -> WebhookSecret {
    WebhookSecret::new(format!("kq_whsec_{random}")).unwrap()
}

/// The request of a buyer who is signed in.
fn parts() -> Parts {
    let request = with(form("/", ""), "x-user", "cust_1");
    request.into_parts().0
}

#[test]
fn the_shop_and_its_offers_never_print_the_api_key_or_a_discount_code() {
    check_unprinted(async |secret, output| {
        let shop = shop(&format!("server-{secret}"), "http://127.0.0.1:1");
        output.assert_line(&["payments go through Kelviq"]);
        let offer = Offer::plan("pro", ChargePeriod::Monthly).discount_code(secret);
        let offers = Offers::builder(shop.clone()).offer("pro", offer);
        output.debug(&(&shop, &offers));
        output.debug(&offers.build().unwrap());
        for url in [
            format!("https://user:{secret}@app.example.com"),
            format!("https://app.example.com/?token={secret}"),
        ] {
            output.error(&Shop::new(shop.kelviq().clone(), &url).unwrap_err());
            output.error(&shop.clone().allow_origin(&url).unwrap_err());
        }
    });
}

#[test]
fn a_failed_request_never_prints_the_api_key_that_its_response_repeats() {
    check_unprinted(async |secret, output| {
        let key = format!("server-{secret}");
        let problem = json!({"detail": format!("Bearer {key} is invalid"), "plan": [key]});
        let kelviq = StubKelviq::start(move |_, _| Answer::Json(401, problem.clone())).await;
        let shop = shop(&key, kelviq.client.base_url());
        let offers = Offers::builder(shop.clone())
            .offer("pro", Offer::plan("pro", ChargePeriod::Monthly))
            .sold_to::<User>()
            .build()
            .unwrap();
        let (fields, mut parts) = (FormFields::new(), parts());
        let sale = offers.sell("pro", &fields, &mut parts, &()).await;
        let portal = shop.open_portal::<User, ()>(&mut parts, &()).await;
        for error in [sale.unwrap_err(), portal.unwrap_err()] {
            output.debug(&error);
            match error {
                SellError::Rejection(rejection) => output.error(&rejection),
                SellError::Buyer(response) => panic!("{}", response.status()),
            }
        }
        output.error(&shop.entitlements("cust_1").await.unwrap_err());
        let error = shop.kelviq().create_portal_session("cust_1").await;
        output.error(&ReconcileError::from(error.unwrap_err()));
        for line in [
            "the checkout could not be started",
            "the portal could not be opened",
            "the entitlements of a customer were not fetched",
        ] {
            // The message of the response is logged, with this in the place of the key.
            output.assert_line(&[line, "[REDACTED]"]);
        }
    });
}

#[test]
fn the_link_into_the_customer_portal_is_never_printed() {
    check_unprinted(async |token, output| {
        for (url, line) in [
            ("https://kelviq.com/portal/", "customer portal opened"),
            ("https://evil.example/", "the URL of the portal session"),
        ] {
            let email = format!("{token}@example.com");
            let session = json!({"customerPortalUrl": url, "token": token, "email": email});
            let kelviq = StubKelviq::start(move |_, _| Answer::Json(200, session.clone())).await;
            let shop = kelviq.shop();
            match shop.open_portal::<User, ()>(&mut parts(), &()).await {
                Ok(redirect) => {
                    assert!(redirect.portal_url().contains(token));
                    output.debug(&redirect);
                }
                Err(error) => output.debug(&error),
            }
            output.assert_line(&[line]);
        }
    });
}

#[test]
fn a_checkout_never_prints_its_buyer() {
    check_unprinted(async |secret, output| {
        let email = format!("{secret}@example.com");
        let problem = json!({"email": [format!("{email} is invalid")]});
        let kelviq = StubKelviq::start(move |line, _| match line {
            "POST /checkout/" => Answer::Default,
            _ => Answer::Json(400, problem.clone()),
        });
        let kelviq = kelviq.await;
        let (print, name) = (output.clone(), secret.to_owned());
        let buy = async move |checkout: Checkout| {
            print.debug(&checkout);
            let buyer = CustomerProfile::new(&name).email(&email).name(&name);
            let plan = checkout.plan("pro", ChargePeriod::Monthly).customer(buyer);
            let plan = plan.metadata(json!({"note": name}));
            print.debug(&plan);
            plan.redirect().await.inspect(|sold| print.debug(sold))
        };
        let shop = kelviq.shop();
        let app = Router::new().route("/buy", post(buy)).with_state(shop);
        let sold = send(&app, form("/buy", "")).await;
        assert_eq!(sold.status, StatusCode::SEE_OTHER);
        let written = kelviq.requests("PATCH")[0].json.to_string();
        assert!(written.contains(secret));
        output.assert_line(&["the profile of a customer was not written"]);

        let path = ReturnPath::new(format!("/pro/resume?note={secret}")).unwrap();
        let mut parts = parts();
        parts.extensions.insert(path.clone());
        let fields = FormFields::from_iter([("note", secret)]);
        output.debug(&(path, SignIn::at("/sign-in", &parts), fields));
    });
}

#[test]
fn the_fake_never_prints_its_secrets() {
    check_unprinted(async |secret, output| {
        let url = format!("ftp://user:{secret}@127.0.0.1/?token={secret}");
        for builder in [
            FakeKelviq::builder().api_key(format!("client-{secret}")),
            FakeKelviq::builder().public_url(&url),
            FakeKelviq::builder().webhook_url(&url),
        ] {
            output.debug(&builder);
            output.error(&builder.start().await.unwrap_err());
        }
        let builder = FakeKelviq::builder()
            .api_key(format!("server-{secret}"))
            .webhook_secret(webhook_secret(secret));
        output.debug(&builder);
        let kelviq = builder.start().await.unwrap();
        let metadata = Metadata::from_json(json!({"note": secret}).to_string()).unwrap();
        let payment = paid(&kelviq, &metadata).await;
        output.debug(&(&kelviq, &payment));
        output.assert_line(&["/checkout/ -> 201"]);
    });
}
