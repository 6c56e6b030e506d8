//! Metadata as an application has it, in three sizes, with serde's derives beside the workspace's.

use kelviq_core::CheckoutMetadata;
use serde::{Deserialize, Serialize};

/// A struct of which a sample can be created.
pub(crate) trait Sample: Sized {
    fn sample() -> Self;
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Page {
    PricingPage,
}

/// Declares a struct with groups of eight fields.
macro_rules! order {
    ($name:ident: $([$reference:ident $seats:ident $price:ident $gift:ident $coupon:ident $note:ident $page:ident $tags:ident])+) => {
        #[derive(Debug, PartialEq, CheckoutMetadata, Serialize, Deserialize)]
        pub(crate) struct $name {
            $(
                $reference: String,
                $seats: u32,
                $price: f64,
                $gift: bool,
                $coupon: Option<String>,
                // The derive of `CheckoutMetadata` also omits a `None`.
                #[metadata]
                #[serde(skip_serializing_if = "Option::is_none")]
                $note: Option<String>,
                $page: Page,
                $tags: Vec<String>,
            )+
        }

        impl Sample for $name {
            fn sample() -> Self {
                Self {
                    $(
                        $reference: format!("order-2026-11-{}", stringify!($reference)),
                        $seats: 25,
                        $price: 1199.95,
                        $gift: true,
                        $coupon: Some("Zoë's 10 %".to_owned()),
                        $note: None,
                        $page: Page::PricingPage,
                        $tags: vec!["annual".to_owned(), "launch".to_owned()],
                    )+
                }
            }
        }
    };
}

#[derive(Debug, PartialEq, CheckoutMetadata, Serialize, Deserialize)]
pub(crate) struct Order1 {
    order_ref: String,
}

impl Sample for Order1 {
    fn sample() -> Self {
        Self {
            order_ref: "order-2026-11-27".to_owned(),
        }
    }
}

order!(Order8: [order_ref seats price gift coupon note placed_from tags]);

order! {
    Order64:
    [order_ref seats price gift coupon note placed_from tags]
    [parent_ref parent_seats parent_price parent_gift parent_coupon parent_note parent_page parent_tags]
    [renewal_ref renewal_seats renewal_price renewal_gift renewal_coupon renewal_note renewal_page renewal_tags]
    [upgrade_ref upgrade_seats upgrade_price upgrade_gift upgrade_coupon upgrade_note upgrade_page upgrade_tags]
    [addon_ref addon_seats addon_price addon_gift addon_coupon addon_note addon_page addon_tags]
    [team_ref team_seats team_price team_gift team_coupon team_note team_page team_tags]
    [partner_ref partner_seats partner_price partner_gift partner_coupon partner_note partner_page partner_tags]
    [campaign_ref campaign_seats campaign_price campaign_gift campaign_coupon campaign_note campaign_page campaign_tags]
}
