//! Names that look like a secret or card data, which Kelviq forbids in metadata.
//!
//! Names are compared by whole words, in any case and however they are joined: `api_key`, `apiKey` and `apikey` are the same
//! name, and `company` does not contain `pan`. kelviq-core's `derive.md` documents the rules for users.

/// Terms that are sensitive anywhere in a name, also in the plural: `password_hash`, `old_cvvs`. A term of at least five
/// letters is also found at the end of a word: `dbpassword`.
const ANYWHERE: &[&str] = &[
    // Keys
    "accesskey",
    "apikey",
    "authkey",
    "encryptionkey",
    "hmackey",
    "kelviqkey",
    "privatekey",
    "secretkey",
    "serverkey",
    "signingkey",
    "sshkey",
    "stripekey",
    "webhookkey",
    // Other secrets
    "accesstoken",
    "apitoken",
    "authheader",
    "authtoken",
    "credential",
    "jwt",
    "mnemonic",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "refreshtoken",
    "secret",
    "seedphrase",
    // Cards
    "cardcode",
    "cardexp",
    "cardexpiration",
    "cardexpiry",
    "cardholder",
    "cardholdername",
    "cardno",
    "cardnum",
    "cardnumber",
    "cardpan",
    "cardpin",
    "cardverification",
    "ccnum",
    "ccnumber",
    "creditcard",
    "cvc",
    "cvn",
    "cvv",
    "debitcard",
    "primaryaccountnumber",
    "securitycode",
    // Banks and persons
    "accountnumber",
    "bankaccount",
    "iban",
    "routingnumber",
    "socialsecurity",
    "sortcode",
    "ssn",
];

/// Terms that are sensitive only at the end of a name. For example, `token` is sensitive, but `token_count` and `pan_size`
/// are not.
const AT_THE_END: &[&str] = &["authorization", "bearer", "otp", "pan", "pin", "token"];

/// Words that are ignored at the end of a name: `token_v2`, `pin_hash`.
const IGNORED_AT_THE_END: &[&str] = &[
    "current",
    "encrypted",
    "hash",
    "hashed",
    "new",
    "old",
    "previous",
    "raw",
    "string",
    "v",
    "value",
];

/// First words of names that are not sensitive, because the value is a boolean: `has_password`.
const QUESTION_WORDS: &[&str] = &["has", "is"];

/// Last words of names that are not sensitive, because the value is a property, such as a fee or a count:
/// `credit_card_fee`.
const OTHER_SUBJECTS: &[&str] = &[
    "count",
    "country",
    "discount",
    "fee",
    "required",
    "surcharge",
];

/// Terms that contain a sensitive word but are not sensitive.
const HARMLESS: &[&str] = &[
    "droppin",
    "gifttoken",
    "lapelpin",
    "mappin",
    "pagetoken",
    "promotoken",
    "secretsanta",
];

/// Returns `true` if `name` looks like a secret or card data.
pub(crate) fn sensitive(name: &str) -> bool {
    let all = words(name);
    let mut words: Vec<&str> = all.iter().map(String::as_str).collect();
    let is = |word: Option<&&str>, list: &[&str]| word.is_some_and(|word| list.contains(word));
    if is(words.first(), QUESTION_WORDS) || is(words.last(), OTHER_SUBJECTS) {
        return false;
    }
    while let Some((from, to)) =
        runs(&words).find(|(from, to)| HARMLESS.contains(&words[*from..*to].concat().as_str()))
    {
        words.drain(from..to);
    }
    while is(words.last(), IGNORED_AT_THE_END) {
        words.pop();
    }
    runs(&words).any(|(from, to)| {
        let run = words[from..to].concat();
        let matches = |list: &[&str]| {
            list.iter().any(|term| {
                run == *term || (to == from + 1 && term.len() >= 5 && run.ends_with(term))
            })
        };
        matches(ANYWHERE)
            || run
                .strip_suffix('s')
                .is_some_and(|one| ANYWHERE.contains(&one))
            || (to == words.len() && matches(AT_THE_END))
    })
}

/// Returns the beginning of an error message about a sensitive name.
pub(crate) fn looks_sensitive(name: &str) -> String {
    format!("`{name}` looks like a secret or card data, which must not be in checkout metadata")
}

/// Returns every run of consecutive words as the index of its first word and the index after its last.
fn runs(words: &[&str]) -> impl Iterator<Item = (usize, usize)> + use<> {
    let len = words.len();
    (0..len).flat_map(move |from| (from + 1..=len).map(move |to| (from, to)))
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
        for name in names.split_whitespace() {
            assert_eq!(sensitive(name), expected, "{name}");
        }
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
            "password Password user_password userpassword dbpassword password_hash passwords passwd pwd secret \
             client_secret clientsecret secret_key token token_v2 token_old pin_hash otp_value api_key_v2 apitoken \
             authtoken refreshtoken refresh_tokens private_key ssh_keys jwt otp pin credentials authorization \
             auth_key auth_header bearer bearer_token hmac_key webhook_key stripe_key server_key kelviq_key mnemonic \
             seed_phrase passcode",
            true,
        );
    }

    #[test]
    fn card_and_account_data_are_sensitive() {
        each(
            "cvc cvv cvn card_cvc pan card_pan pan_hash card_no card_num cc_number ccnum card_exp card_expiration \
             card_verification cardholder cardholdername card_holder_name credit_cards security_code \
             primary_account_number account_number routing_number sort_code iban customer_iban bank_account ssn",
            true,
        );
    }

    #[test]
    fn words_that_only_contain_a_sensitive_word_are_not_sensitive() {
        each(
            "company pancake pan_size panel tokens tokens_used token_count tokenizer secretary passenger compass card \
             card_design gift_card discard scorecard key order_key keyboard spin pinned pin_code_area shipping lesson \
             session_id mission account urban order_ref decided acid hotpot old_value",
            false,
        );
        assert!(!sensitive(""));
    }

    #[test]
    fn questions_amounts_and_other_meanings_are_not_sensitive() {
        each(
            "has_password is_pin isPin credit_card_fee credit_card_surcharge debit_card_discount iban_country \
             api_key_count password_required secret_santa promo_token gift_token page_token next_page_token \
             map_pin drop_pin lapel_pin",
            false,
        );
        each("secret_santa_password page_token_secret", true);
    }
}
