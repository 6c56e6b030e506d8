//! The documented fields of the requests, and the values that they take.
//!
//! The tables follow Kelviq's documentation and share no code with `kelviq-core`, so that they can reveal mistakes there.

use std::{collections::BTreeMap, net::IpAddr};

use jiff::civil::Date;
use serde::de::{Deserialize, DeserializeOwned};
use serde_json::{Map, Value, json, value::RawValue};
use url::Url;

pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) presence: Presence,
    pub(super) kind: Kind,
}

/// Whether a field must be present.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Presence {
    Required,
    /// The field may be missing; null means the same.
    Nullable,
}

/// The kind of values that a field takes.
pub(super) enum Kind {
    Text,
    Url,
    OneOf(&'static [&'static str]),
    Ip,
    /// A code of this many capital letters, for a currency or a country.
    Code(usize),
    Amount,
    Days,
    Flag,
    Features,
    Object,
    Email,
    Date,
    /// An object with texts as values.
    Texts,
    /// An address: an object with texts as values, or null.
    Address,
}

use Kind::{Address, Amount, Code, Days, Email, Features, Flag, Ip, Object, OneOf, Text, Texts};
use Presence::{Nullable, Required};

pub(super) const CHECKOUT_FIELDS: &[Field] = &[
    field("planIdentifier", Required, Text),
    field("successUrl", Required, Kind::Url),
    field("chargePeriod", Required, OneOf(CHARGE_PERIODS)),
    field("customerId", Nullable, Text),
    field("features", Nullable, Features),
    field("ipAddress", Nullable, Ip),
    field("cancelUrl", Nullable, Kind::Url),
    field("plansEnabled", Nullable, Text),
    field("currencyCode", Nullable, Code(3)),
    field("customAmount", Nullable, Amount),
    field("taxBehavior", Nullable, OneOf(&["INCLUSIVE", "EXCLUSIVE"])),
    field("discountsEnabled", Nullable, Flag),
    field("discountCode", Nullable, Text),
    field("lockEmail", Nullable, Flag),
    field("defaultBillingCountry", Nullable, Code(2)),
    field("metadata", Nullable, Object),
    field("offeringId", Nullable, Text),
    field("pricingTableId", Nullable, Text),
    field("ruleId", Nullable, Text),
    field("trialPeriod", Nullable, Days),
];

pub(super) const NEW_CUSTOMER_FIELDS: &[Field] = &[
    field("customerId", Required, Text),
    field("email", Nullable, Email),
    field("name", Nullable, Text),
    field("metadata", Nullable, Texts),
    field("billingAddress", Nullable, Address),
];

pub(super) const CUSTOMER_FIELDS: &[Field] = &[
    field("email", Nullable, Email),
    field("name", Nullable, Text),
    field("metadata", Nullable, Texts),
    field("billingAddress", Nullable, Address),
];

pub(super) const CANCELLATION_FIELDS: &[Field] = &[
    field(
        "cancellationType",
        Required,
        OneOf(&["IMMEDIATE", "CURRENT_PERIOD_ENDS", "SPECIFIC_DATE"]),
    ),
    field("cancellationDate", Nullable, Kind::Date),
    field("cancellationFeedback", Nullable, OneOf(FEEDBACK)),
    field("cancellationComment", Nullable, Text),
];

pub(super) const PORTAL_FIELDS: &[Field] = &[field("customerId", Required, Text)];

const FEEDBACK: &[&str] = &[
    "TOO_EXPENSIVE",
    "MISSING_FEATURES",
    "SWITCHED_SERVICE",
    "UNUSED",
    "CUSTOMER_SERVICE",
    "LOW_QUALITY",
    "TOO_COMPLEX",
    "OTHER",
];

const CHARGE_PERIODS: &[&str] = &[
    "ONE_TIME",
    "MONTHLY",
    "YEARLY",
    "WEEKLY",
    "DAILY",
    "THREE_MONTHS",
    "SIX_MONTHS",
    "TWENTY_EIGHT_DAYS",
];

const fn field(name: &'static str, presence: Presence, kind: Kind) -> Field {
    Field {
        name,
        presence,
        kind,
    }
}

impl Kind {
    /// Validates the JSON text of a value.
    ///
    /// # Errors
    ///
    /// Returns the value's errors in the format of Kelviq's API: a list of messages, or for `features` a list with an
    /// object for each item.
    pub(super) fn validate(&self, json: &str) -> Result<(), Value> {
        let result = match self {
            Text => text(json).map(|_| ()),
            Kind::Url => text(json).and_then(|text| url(&text)),
            Ip => text(json).and_then(|text| ip(&text)),
            OneOf(values) => text(json).and_then(|text| one_of(&text, values)),
            Code(length) => text(json).and_then(|text| code(&text, *length)),
            Amount => amount(json),
            Days => match read::<u64>(json) {
                None | Some(0) => Err("Must be an integer of at least 1.".into()),
                Some(_) => Ok(()),
            },
            Flag => match read::<bool>(json) {
                None => Err("Must be true or false.".into()),
                Some(_) => Ok(()),
            },
            Object if !json.starts_with('{') => Err("Must be an object.".into()),
            Object => Ok(()),
            Features => return features(json),
            Email => text(json).and_then(|text| email(&text)),
            Kind::Date => text(json).and_then(|text| date(&text)),
            Texts => match read::<BTreeMap<String, String>>(json) {
                None => Err("Must be an object with strings as values.".into()),
                Some(_) => Ok(()),
            },
            Address => match read::<BTreeMap<String, Option<String>>>(json) {
                None => Err("Must be an object with strings as values.".into()),
                Some(_) => Ok(()),
            },
        };
        result.map_err(|message| json!([message]))
    }
}

fn read<T: DeserializeOwned>(json: &str) -> Option<T> {
    serde_json::from_str(json).ok()
}

fn text(json: &str) -> Result<String, String> {
    match read::<String>(json) {
        None => Err("Must be a string.".into()),
        Some(text) if text.trim().is_empty() => Err("Must not be blank.".into()),
        Some(text) => Ok(text),
    }
}

fn url(text: &str) -> Result<(), String> {
    // The parser removes white space and control characters, which a URL must not contain.
    let clean = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    // The parser also accepts `https:example.com`.
    let absolute = ["http://", "https://"].iter().any(|start| {
        text.get(..start.len())
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case(start))
    });
    if clean && absolute && Url::parse(text).is_ok_and(|url| url.has_host()) {
        Ok(())
    } else {
        Err("Must be an absolute http or https URL.".into())
    }
}

fn ip(text: &str) -> Result<(), String> {
    match text.parse::<IpAddr>() {
        Ok(_) => Ok(()),
        Err(_) => Err("Must be an IPv4 or IPv6 address.".into()),
    }
}

fn email(text: &str) -> Result<(), String> {
    if is_email(text) {
        Ok(())
    } else {
        Err("Enter a valid email address.".into())
    }
}

/// Returns whether a text is an email address with a domain of at least two labels.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let clean = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    let is_label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    clean && !local.is_empty() && domain.contains('.') && domain.split('.').all(is_label)
}

fn date(text: &str) -> Result<(), String> {
    // jiff also parses a date with a time.
    match text.parse::<Date>() {
        Ok(_) if text.len() == 10 => Ok(()),
        _ => Err("Enter a valid date.".into()),
    }
}

fn one_of(text: &str, values: &[&str]) -> Result<(), String> {
    if values.contains(&text) {
        Ok(())
    } else {
        Err(format!("Must be one of {}.", values.join(", ")))
    }
}

fn code(text: &str, length: usize) -> Result<(), String> {
    if text.len() == length && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Ok(())
    } else {
        Err(format!("Must be a code of {length} capital letters."))
    }
}

fn amount(json: &str) -> Result<(), String> {
    match read::<f64>(json) {
        None => Err("Must be a number.".into()),
        Some(amount) if (0.0..1e12).contains(&amount) => Ok(()),
        Some(_) => Err("Must be from 0 to less than 1000000000000.".into()),
    }
}

fn features(json: &str) -> Result<(), Value> {
    let Some(items) = read::<Vec<Box<RawValue>>>(json) else {
        return Err(json!(["Must be a list."]));
    };
    let errors: Vec<Value> = items.iter().map(|item| feature(item.get())).collect();
    if errors.iter().all(|error| *error == json!({})) {
        Ok(())
    } else {
        Err(Value::Array(errors))
    }
}

/// Returns the errors of one item of `features`, by field. Empty if the item is valid.
fn feature(json: &str) -> Value {
    let Some(item) = read::<Map<String, Value>>(json) else {
        return json!({"nonFieldErrors": ["Must be an object."]});
    };
    let mut errors = Map::new();
    let identifier = item.get("identifier");
    match identifier.map(String::deserialize) {
        None => errors.insert("identifier".into(), json!(["Required."])),
        Some(Err(_)) => errors.insert("identifier".into(), json!(["Must be a string."])),
        Some(Ok(text)) if text.trim().is_empty() => {
            errors.insert("identifier".into(), json!(["Must not be blank."]))
        }
        Some(Ok(_)) => None,
    };
    match item.get("quantity") {
        None => errors.insert("quantity".into(), json!(["Required."])),
        Some(quantity) if quantity.is_u64() => None,
        Some(_) => errors.insert(
            "quantity".into(),
            json!(["Must be an integer, not below 0."]),
        ),
    };
    Value::Object(errors)
}
