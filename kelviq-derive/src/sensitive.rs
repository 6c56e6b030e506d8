//! Names that look like a secret or card data, which Kelviq forbids in metadata.
//!
//! The last words of a name count, because they name the value: `stripe_api_key` is a key, `api_key_name` is a name. Names are
//! compared by whole words, in any case and however they are joined: `api_key`, `apiKey` and `apikey` are the same name, and
//! `company` does not contain `pan`. kelviq-core's `derive.md` documents the rule for users.

use crate::{
    sensitive_context::{IGNORED_AT_THE_END, OTHER_MEANINGS, PREPOSITIONS, QUESTION_WORDS},
    sensitive_terms::{SINGULAR_TERMS, TERMS},
};

/// Returns `true` if `name` looks like a secret or card data.
pub(crate) fn sensitive(name: &str) -> bool {
    let all = words(name);
    let mut words: Vec<&str> = all.iter().map(String::as_str).collect();
    if words
        .first()
        .is_some_and(|word| QUESTION_WORDS.contains(word))
    {
        return false;
    }
    let after_first = words.iter().skip(1);
    if let Some(at) = after_first
        .clone()
        .position(|word| PREPOSITIONS.contains(word))
    {
        words.truncate(at + 1);
    }
    loop {
        if ends_with_term(&words) {
            return true;
        }
        match words.last() {
            Some(last) if IGNORED_AT_THE_END.contains(last) => words.pop(),
            _ => return false,
        };
    }
}

/// Returns `true` if the last words are a term, and the word before does not give it another meaning. A term of at least five
/// letters is also found at the end of the last word: `dbpassword`.
fn ends_with_term(words: &[&str]) -> bool {
    let plural = TERMS.iter().map(|term| (term, "s"));
    let singular = TERMS.iter().chain(SINGULAR_TERMS).map(|term| (term, ""));
    singular.chain(plural).any(|(term, plural)| {
        let is_term = |text: &str| text.strip_suffix(plural) == Some(term);
        let before = match (0..words.len()).find(|from| is_term(&words[*from..].concat())) {
            Some(0) => return true,
            Some(from) => words[from - 1],
            None => {
                let last = words.last().and_then(|last| last.strip_suffix(plural));
                match last.and_then(|last| last.strip_suffix(term)) {
                    Some(before) if term.len() >= 5 => before,
                    _ => return false,
                }
            }
        };
        !OTHER_MEANINGS
            .iter()
            .any(|(start, others)| term.starts_with(start) && others.contains(&before))
    })
}

/// Returns the beginning of an error message about a sensitive name.
pub(crate) fn looks_sensitive(name: &str) -> String {
    format!("`{name}` looks like a secret or card data, which must not be in checkout metadata")
}

/// Splits a name into words in lower case, at everything but letters and before capitals.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let letters: Vec<char> = name.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let after_lower = at > 0 && letters[at - 1].is_lowercase();
        let before_lower = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        let in_capitals = at > 0 && letters[at - 1].is_uppercase();
        let starts = letter.is_uppercase() && (after_lower || (in_capitals && before_lower));
        if starts || !letter.is_alphabetic() {
            words.push(String::new());
        }
        if letter.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::sensitive;

    /// Checks the names in a list separated by white space.
    #[track_caller]
    fn each(names: &str, expected: bool) {
        let wrong = names
            .split_whitespace()
            .filter(|name| sensitive(name) != expected);
        assert_eq!(wrong.collect::<Vec<_>>(), Vec::<&str>::new());
    }

    #[test]
    fn a_name_is_sensitive_in_every_spelling() {
        each(
            "api_key apikey apiKey API_KEY APIKey api-key stripe.api_key api_keys ApiKeys \
             access_token accessToken access-token accesstoken access_tokens apitokens \
             card_number cardNumber cardnumber creditCardNumber creditcardnumber CVC cvv2 IBAN",
            true,
        );
    }

    #[test]
    fn secrets_are_sensitive() {
        each(
            "password Password user_password userpassword dbpassword passwords passwd pwd db_pwd secret client_secret \
             clientsecret secret_key secrets token apitoken authtoken auth_token csrf_token payment_token card_token \
             refreshtoken refresh_tokens private_key ssh_keys jwt otp pin user_pin credentials authorization auth_key \
             auth_header bearer bearer_token hmac_key webhook_key stripe_key server_key kelviq_key mnemonic seed_phrase \
             passcode passphrase wifi_passphrase user_pass userPass db_pass smtp_pass admin_pass basic_auth http_auth \
             whsec stripe_whsec aws_secret_access_key master_key session_key id_token session_token remember_token \
             password_reset_token oauth2_token webhook_signing_secret webauthn_credential creds db_creds security_answer",
            true,
        );
    }

    #[test]
    fn codes_cookies_and_addresses_with_passwords_are_sensitive() {
        each(
            "recovery_code recoveryCodes backup_codes verification_code email_verification_code one_time_code otp_code \
             totp_seed mfa_code 2fa_code two_factor_code sms_code login_code auth_code access_code security_code reset_code \
             session_cookie sessionCookie auth_cookie set_cookie database_url databaseUrl DATABASE_URL db_url redis_url \
             postgres_url mongodb_uri connection_string connectionString conn_str dsn database_dsn magic_link presigned_url",
            true,
        );
    }

    #[test]
    fn card_and_account_data_are_sensitive() {
        each(
            "cvc cvv cvn card_cvc cvv_code pan card_pan card_no card_num card_nr cardNr cc_number ccnum cc_exp card_exp \
             card_exp_date card_expiration card_expiry_date card_verification cardholder cardholdername card_holder_name \
             name_on_card exp_month exp_year expMonth expiry_year card_exp_month payment_card paymentCardNumber credit_cards \
             credit_card_details debit_card bank_card gift_card_pin primary_account_number account_number accountNumber \
             account_no account_nr bank_account_no acct_num routing_number routing_no sort_code iban customer_iban \
             bank_account bank_details ssn social_security_number pin_number",
            true,
        );
    }

    #[test]
    fn copies_of_a_secret_are_sensitive() {
        each(
            "password_hash token_v2 token_old pin_hash otp_value api_key_v2 api_key_live api_key_test stripe_key_prod \
             password_confirmation new_password_again secret_base64 secret_key_base private_key_pem credentials_json \
             card_number_encrypted pan_hash token_string raw_token_str password_plain token_for_api password_of_user",
            true,
        );
    }

    #[test]
    fn variants_of_a_known_name_are_sensitive() {
        each(
            "mysql_pass mongo_pass redisPass user_pw aes_key gpg_key ssl_key priv_key privkey consumer_key openai_key \
             sendgrid_key client_certificate mnemonic_phrase security_question_answer rabbitmq_url login_link \
             password_reset_link creditcard_number creditCardNo creditcard_expiry debitcard_no mastercard_number \
             password_digest passwordDigest password_bcrypt password_sha256 password_md5 password_salt token_enc",
            true,
        );
    }

    #[test]
    fn things_that_are_called_like_a_secret_are_not_sensitive() {
        each(
            "hair_pin tie_pin badge_pin zip_pin dust_pan playing_card_number flash_card_no sd_card_number time_card_no \
             post_card_number wild_card_code utility_account_number bus_token subway_token governance_token \
             prior_authorization work_authorization",
            false,
        );
    }

    #[test]
    fn names_of_something_else_about_a_secret_are_not_sensitive() {
        each(
            "api_key_name api_key_id api_key_prefix api_key_count access_key_id access_token_url webauthn_credential_id \
             credential_type secret_shopper secret_santa secret_menu_item secretary token_count token_type token_expires_at \
             tokens_used token_budget password_required password_changed_at password_policy password_strength \
             credit_card_fee credit_card_surcharge credit_card_brand credit_card_last4 payment_card_brand debit_card_discount \
             card_last4 card_brand card_country card_id cvc_check cvv_result iban_country bank_account_country otp_channel \
             jwt_issuer pin_code pin_code_area pin_required recovery_code_count cookie_consent session_cookie_name \
             database_url_label authorization_status account_number_format number_of_api_keys paid_by_credit_card",
            false,
        );
    }

    #[test]
    fn questions_and_counts_are_not_sensitive() {
        each(
            "has_password hasPassword is_pin isPin uses_api_key requires_pin accepts_credit_card show_password max_api_keys \
             num_access_tokens total_credit_cards",
            false,
        );
    }

    #[test]
    fn other_meanings_are_not_sensitive() {
        each(
            "gift_card_number giftCardNumber giftcardnumber gift_card_code gift_card_expiry library_card_no library_card_number \
             loyalty_card_number membership_card_nr sim_card_number student_card_no scorecard_number postal_pin map_pin \
             drop_pin lapel_pin enamel_pin frying_pan checkout_token checkoutToken cart_token promo_token gift_token \
             page_token pagetoken next_page_token design_token loyalty_token referral_token fedex_account_number \
             ledger_account_no payment_authorization gift_card business_card season_pass boarding_pass day_pass ski_pass \
             promo_code coupon_code referral_code invite_code zip_code country_code discount_code public_key license_key \
             idempotency_key cache_key order_key sort_key object_key website_url success_url return_url webhook_url \
             trial_expiry_date expires_at expiry_date billing_month start_year",
            false,
        );
    }

    #[test]
    fn words_that_only_contain_a_sensitive_word_are_not_sensitive() {
        each(
            "company pancake pan_size panel tokens tokenizer passenger compass card card_design discard scorecard key keyboard \
             spin pinned shipping lesson session_id mission account account_id urban order_ref decided acid hotpot old_value \
             author authority order_number invoice_no customer_number phone_number serial_no string value test data raw \
             expansion export_format passport_country compass_heading ccny_campus",
            false,
        );
        assert!(!sensitive(""));
    }

    #[test]
    fn the_last_words_count_even_after_another_meaning() {
        each(
            "secret_santa_password page_token_secret gift_card_api_key api_key_name_secret",
            true,
        );
    }
}
