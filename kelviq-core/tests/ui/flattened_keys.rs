//! Duplicate keys in flattened fields.

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

/// The flattened struct writes a key that the alias reads.
#[derive(CheckoutMetadata)]
struct ReadTwice {
    #[metadata(alias = "source")]
    origin: Option<String>,
    #[metadata(flatten)]
    campaign: Campaign,
}

#[derive(CheckoutMetadata)]
struct OldCampaign {
    #[metadata(alias = "source")]
    origin: String,
}

#[derive(CheckoutMetadata)]
struct ReadTwiceInside {
    source: String,
    #[metadata(flatten)]
    campaign: Option<OldCampaign>,
}

/// Both errors are reported.
#[derive(CheckoutMetadata)]
struct AmongOthers {
    utm: String,
    #[metadata(flatten)]
    campaign: Campaign,
    #[metadata(renam = "seats")]
    places: u32,
}

#[derive(CheckoutMetadata)]
struct Invitation {
    host: String,
    #[metadata(flatten)]
    referral: Referral<'static>,
}

/// The key is that of a flattened field inside of another one.
#[derive(CheckoutMetadata)]
struct BesideNested {
    #[metadata(flatten)]
    invitation: Invitation,
    #[metadata(flatten)]
    campaign: Campaign,
}

fn main() {}
