//! The words beside a term that change what a name means, without separators and in lower case.

/// Words that give the beginning of a term, `card` in `card_number`, another meaning: `gift_card_number`.
pub(crate) const OTHER_MEANINGS: &[(&str, &[&str])] = &[
    (
        "account",
        &[
            "fedex",
            "ledger",
            "loyalty",
            "membership",
            "shipper",
            "shipping",
            "ups",
        ],
    ),
    (
        "authorization",
        &["parental", "payment", "pre", "return", "travel"],
    ),
    (
        "card",
        &[
            "business",
            "fuel",
            "gift",
            "greeting",
            "index",
            "library",
            "loyalty",
            "member",
            "membership",
            "punch",
            "report",
            "reward",
            "rewards",
            "score",
            "sim",
            "stamp",
            "student",
            "trading",
            "transit",
            "travel",
            "voucher",
        ],
    ),
    (
        "pan",
        &[
            "baking", "bread", "cake", "drip", "frying", "roasting", "sauce",
        ],
    ),
    (
        "pin",
        &[
            "bowling", "drop", "enamel", "lapel", "location", "map", "postal", "push", "rolling",
            "safety",
        ],
    ),
    (
        "token",
        &[
            "arcade",
            "cart",
            "checkout",
            "continuation",
            "cursor",
            "design",
            "game",
            "gift",
            "loyalty",
            "page",
            "promo",
            "referral",
            "reward",
            "sync",
            "theme",
            "tracking",
        ],
    ),
];

/// Words that are ignored at the end of a name, because the value is still the secret: `token_v2`, `pin_hash`.
pub(crate) const IGNORED_AT_THE_END: &[&str] = &[
    "again",
    "base",
    "bytes",
    "confirm",
    "confirmation",
    "current",
    "data",
    "dev",
    "encoded",
    "encrypted",
    "full",
    "hash",
    "hashed",
    "hex",
    "input",
    "json",
    "live",
    "new",
    "old",
    "pem",
    "plain",
    "plaintext",
    "prev",
    "previous",
    "prod",
    "production",
    "raw",
    "repeat",
    "sandbox",
    "staging",
    "str",
    "string",
    "test",
    "text",
    "v",
    "val",
    "value",
];

/// Words after which a name only describes what is before them: `token_for_api`, `number_of_api_keys`.
pub(crate) const PREPOSITIONS: &[&str] = &["by", "for", "from", "of"];

/// First words of names whose value is a boolean or a number: `has_password`, `max_api_keys`.
pub(crate) const QUESTION_WORDS: &[&str] = &[
    "accepts", "allow", "allows", "can", "has", "is", "max", "min", "needs", "num", "requires",
    "should", "show", "supports", "total", "uses", "wants",
];
