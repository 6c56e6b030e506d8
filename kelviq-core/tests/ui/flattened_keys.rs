//! Keys that are there twice through `flatten`.

use kelviq_core::CheckoutMetadata;

#[derive(CheckoutMetadata)]
struct Campaign {
    utm: String,
    source: String,
}

#[derive(CheckoutMetadata)]
struct Referral<'a> {
    friend: &'a str,
    source: &'a str,
}

#[derive(CheckoutMetadata)]
struct BesideAField {
    source: String,
    #[metadata(flatten)]
    campaign: Campaign,
}

#[derive(CheckoutMetadata)]
struct BesideEachOther<'a> {
    #[metadata(flatten)]
    campaign: Option<Campaign>,
    #[metadata(flatten)]
    referral: Referral<'a>,
}

#[derive(CheckoutMetadata)]
struct TwoLevels {
    friend: String,
    #[metadata(flatten)]
    both: BesideNothing,
}

#[derive(CheckoutMetadata)]
struct BesideNothing {
    #[metadata(flatten)]
    referral: Referral<'static>,
}

#[derive(CheckoutMetadata)]
#[metadata(tag = "utm")]
enum Order {
    FromCampaign {
        #[metadata(flatten)]
        campaign: Campaign,
    },
    Plain {
        source: String,
    },
}

fn main() {}
