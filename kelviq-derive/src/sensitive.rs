//! Names that look like a secret or card data, which Kelviq forbids in metadata.
//!
//! Whole words count, in any case and however they are joined: `api_key`, `apiKey` and `apikey` are one name, and
//! `company` has no `pan` in it.

/// Sensitive wherever the words stand in the name: `password_hash`, `old_cvv`.
const ANYWHERE: &[&str] = &[
    "apikey",
    "apikeys",
    "apisecret",
    "accesskey",
    "accesskeys",
    "encryptionkey",
    "privatekey",
    "privatekeys",
    "secretkey",
    "signingkey",
    "sshkey",
    "secret",
    "secrets",
    "credential",
    "credentials",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "pwd",
    "accesstokens",
    "apitokens",
    "jwt",
    "seedphrase",
    "cardcode",
    "cardholder",
    "cardnumber",
    "cardnumbers",
    "cardpan",
    "cardpin",
    "cardexpiry",
    "creditcard",
    "debitcard",
    "cvc",
    "cvv",
    "securitycode",
    "iban",
    "bankaccount",
    "socialsecurity",
    "ssn",
];

/// Sensitive only as the last words: a `token` is a secret, a `token_count` is not, nor is a `pan_size`.
const AT_THE_END: &[&str] = &["token", "otp", "pan", "pin"];

/// The words of `name` that make it look sensitive.
pub(crate) fn sensitive(name: &str) -> bool {
    let words = words(name);
    (0..words.len()).any(|from| {
        (from + 1..=words.len()).any(|to| {
            let part = words[from..to].concat();
            ANYWHERE.contains(&part.as_str())
                || (to == words.len() && AT_THE_END.contains(&part.as_str()))
        })
    })
}

/// The words in lower case, split at everything but letters and before capitals; digits at a word's end do not count.
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

    #[test]
    fn secrets_and_card_data_are_seen_in_every_spelling() {
        for name in [
            "password",
            "Password",
            "user_password",
            "password_hash",
            "passwd",
            "pwd",
            "secret",
            "client_secret",
            "secret_key",
            "api_key",
            "apikey",
            "apiKey",
            "API_KEY",
            "APIKey",
            "api-key",
            "stripe.api_key",
            "token",
            "access_token",
            "accessToken",
            "access-token",
            "private_key",
            "privateKey",
            "card_number",
            "cardNumber",
            "creditCardNumber",
            "cardnumber",
            "cvc",
            "CVC",
            "cvv",
            "cvv2",
            "card_cvc",
            "pan",
            "card_pan",
            "iban",
            "IBAN",
            "customer_iban",
            "ssn",
            "jwt",
            "otp",
            "pin",
            "security_code",
            "credentials",
        ] {
            assert!(sensitive(name), "{name}");
        }
    }

    #[test]
    fn words_that_only_contain_one_are_left_alone() {
        for name in [
            "",
            "company",
            "pancake",
            "pan_size",
            "panel",
            "tokens",
            "tokens_used",
            "token_count",
            "tokenizer",
            "secretary",
            "passenger",
            "compass",
            "card",
            "card_design",
            "gift_card",
            "discard",
            "scorecard",
            "key",
            "order_key",
            "keyboard",
            "spin",
            "pinned",
            "pin_code_area",
            "shipping",
            "lesson",
            "session_id",
            "mission",
            "account",
            "urban",
            "order_ref",
            "cvcs_team",
            "decided",
            "acid",
            "hotpot",
        ] {
            assert!(!sensitive(name), "{name}");
        }
    }
}
