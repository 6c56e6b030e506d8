//! The documented fields of a checkout request: name, form, and whether it may be missing or null.
//!
//! Written from Kelviq's documentation alone. `kelviq-core` has its own idea of these fields, and a mistake there must
//! show here.

use std::net::IpAddr;

use serde::de::{Deserialize, DeserializeOwned};
use serde_json::{Map, Value, json, value::RawValue};
use url::Url;

pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) presence: Presence,
    pub(super) form: Form,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Presence {
    Required,
    /// May be missing or null, which is the same.
    Nullable,
}

pub(super) enum Form {
    Text,
    Url,
    OneOf(&'static [&'static str]),
    Ip,
    /// This many capital letters: a currency or a country.
    Code(usize),
    Amount,
    Days,
    Flag,
    Features,
    Object,
}

use Form::{Amount, Code, Days, Features, Flag, Ip, Object, OneOf, Text};
use Presence::{Nullable, Required};

pub(super) const FIELDS: &[Field] = &[
    field("planIdentifier", Required, Text),
    field("successUrl", Required, Form::Url),
    field("chargePeriod", Required, OneOf(CHARGE_PERIODS)),
    field("customerId", Nullable, Text),
    field("features", Nullable, Features),
    field("ipAddress", Nullable, Ip),
    field("cancelUrl", Nullable, Form::Url),
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

const fn field(name: &'static str, presence: Presence, form: Form) -> Field {
    Field {
        name,
        presence,
        form,
    }
}

impl Form {
    /// What is wrong with the value, in the API's own shape: a list of sentences, or one such object for each item.
    pub(super) fn refuse(&self, json: &str) -> Option<Value> {
        let problem = match self {
            Text => text(json).err(),
            Form::Url => text(json).and_then(|text| url(&text)).err(),
            Ip => text(json).and_then(|text| ip(&text)).err(),
            OneOf(values) => text(json).and_then(|text| one_of(&text, values)).err(),
            Code(length) => text(json).and_then(|text| code(&text, *length)).err(),
            Amount => amount(json).err(),
            Days => read::<u64>(json)
                .is_none_or(|days| days == 0)
                .then(|| "Must be an integer of at least 1.".into()),
            Flag => read::<bool>(json)
                .is_none()
                .then(|| "Must be true or false.".into()),
            Object => (!json.starts_with('{')).then(|| "Must be an object.".into()),
            Features => return features(json),
        };
        problem.map(|problem| json!([problem]))
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
    // The parser skips white space and control characters, which no URL may hold.
    let clean = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    // It also takes `https:example.com`.
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

fn features(json: &str) -> Option<Value> {
    let Some(items) = read::<Vec<Box<RawValue>>>(json) else {
        return Some(json!(["Must be a list."]));
    };
    let problems: Vec<Value> = items.iter().map(|item| feature(item.get())).collect();
    let any = problems.iter().any(|problem| *problem != json!({}));
    any.then_some(Value::Array(problems))
}

/// What is wrong with one item of `features`, by its field.
fn feature(json: &str) -> Value {
    let Some(item) = read::<Map<String, Value>>(json) else {
        return json!({"nonFieldErrors": ["Must be an object."]});
    };
    let mut problems = Map::new();
    let identifier = item.get("identifier");
    match identifier.map(String::deserialize) {
        None => problems.insert("identifier".into(), json!(["Required."])),
        Some(Err(_)) => problems.insert("identifier".into(), json!(["Must be a string."])),
        Some(Ok(text)) if text.trim().is_empty() => {
            problems.insert("identifier".into(), json!(["Must not be blank."]))
        }
        Some(Ok(_)) => None,
    };
    match item.get("quantity") {
        None => problems.insert("quantity".into(), json!(["Required."])),
        Some(quantity) if quantity.is_u64() => None,
        Some(_) => problems.insert(
            "quantity".into(),
            json!(["Must be an integer, not below 0."]),
        ),
    };
    Value::Object(problems)
}
