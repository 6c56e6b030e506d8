//! Names that look like a secret or card data.

use kelviq_core::CheckoutMetadata;

#[derive(CheckoutMetadata)]
#[metadata(rename_all = "camelCase")]
struct Order {
    order_ref: String,
    password: String,
    api_key: String,
    card_number: String,
    #[metadata(rename = "accessToken")]
    session: String,
    #[metadata(rename = "reference")]
    iban: String,
    #[metadata(skip)]
    secret: String,
    #[metadata(allow_sensitive)]
    design_token: String,
    recovery_code: String,
    database_url: String,
    exp_month: u8,
    company: String,
    tokens_used: u32,
    api_key_name: String,
    gift_card_number: String,
}

#[derive(CheckoutMetadata)]
#[metadata(tag = "kind")]
enum Payment {
    Card { cvc: String },
}

#[derive(CheckoutMetadata)]
#[metadata(explicit)]
struct Account {
    #[metadata]
    id: String,
    password_hash: String,
}

#[derive(CheckoutMetadata)]
#[metadata(tag = "api_key")]
enum Tagged {
    Plain,
}

fn main() {}
