//! Types that derive `CheckoutMetadata`, with strategies for their values.

use std::{collections::BTreeMap, fmt::Display, marker::PhantomData, str::FromStr};

use kelviq_core::{CheckoutMetadata, Metadata};
use proptest::{
    collection::{btree_map, vec},
    option,
    prelude::{Just, Strategy, any, prop_oneof},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::support::text;

/// Writes and reads values of a type as text.
struct Displayed<T>(PhantomData<T>);

impl<T: Display + FromStr<Err: Display>> Displayed<T> {
    fn serialize<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[derive(Clone, Debug, PartialEq, CheckoutMetadata)]
pub(super) struct Numbers {
    i8: i8,
    i16: i16,
    i32: i32,
    i64: i64,
    i128: i128,
    isize: isize,
    u8: u8,
    u16: u16,
    u32: u32,
    u64: u64,
    u128: u128,
    usize: usize,
    f32: f32,
    f64: f64,
}

pub(super) fn numbers() -> impl Strategy<Value = Numbers> {
    let signed = any::<(i8, i16, i32, i64, i128, isize)>();
    let unsigned = any::<(u8, u16, u32, u64, u128, usize)>();
    let floats = any::<(f32, f64)>().prop_filter("JSON has no other", |(f32, f64)| {
        f32.is_finite() && f64.is_finite()
    });
    (signed, unsigned, floats).prop_map(|(signed, unsigned, (f32, f64))| {
        let (i8, i16, i32, i64, i128, isize) = signed;
        let (u8, u16, u32, u64, u128, usize) = unsigned;
        Numbers {
            i8,
            i16,
            i32,
            i64,
            i128,
            isize,
            u8,
            u16,
            u32,
            u64,
            u128,
            usize,
            f32,
            f64,
        }
    })
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Line {
    name: String,
    amounts: Vec<i64>,
    parent: Option<Box<Line>>,
}

fn line() -> impl Strategy<Value = Line> {
    let leaf = (text(0..6), vec(any::<i64>(), 0..3));
    let leaf = leaf.prop_map(|(name, amounts)| Line {
        name,
        amounts,
        parent: None,
    });
    leaf.prop_recursive(3, 4, 1, |parent| {
        (text(0..6), option::of(parent)).prop_map(|(name, parent)| Line {
            name,
            amounts: Vec::new(),
            parent: parent.map(Box::new),
        })
    })
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Color {
    Plain,
    Named(String),
    Mixed(u8, f32),
    Rgb { r: u8, g: u8, b: u8 },
}

fn color() -> impl Strategy<Value = Color> {
    prop_oneof![
        Just(Color::Plain),
        text(0..5).prop_map(Color::Named),
        (any::<u8>(), 0.0..1.0_f32).prop_map(|(color, share)| Color::Mixed(color, share)),
        any::<[u8; 3]>().prop_map(|[r, g, b]| Color::Rgb { r, g, b }),
    ]
}

fn five() -> Option<u32> {
    Some(5)
}

/// One field of each kind that has a key.
#[derive(Clone, Debug, PartialEq, CheckoutMetadata)]
#[metadata(rename_all = "camelCase")]
pub(super) struct Order {
    order_ref: String,
    is_gift: bool,
    first_letter: char,
    coupon: Option<String>,
    #[metadata(default = five)]
    seats_or_five: Option<u32>,
    #[metadata(rename = "a \"renamed\" \\ key\n\u{2028}é")]
    renamed: String,
    #[metadata(alias = "oldName")]
    new_name: Option<u64>,
    #[metadata(with = Displayed::<Decimal>)]
    price: Decimal,
    #[metadata(with = Displayed::<jiff::Timestamp>)]
    paid_at: jiff::Timestamp,
    #[metadata(with = Displayed::<jiff::civil::Date>)]
    day: jiff::civil::Date,
    lines: Vec<Line>,
    color: Color,
    by_name: BTreeMap<String, i64>,
    tuple: (u8, String, [i16; 2]),
    nothing: (),
    #[metadata(skip)]
    skipped: u8,
}

pub(super) fn order() -> impl Strategy<Value = Order> {
    let texts = (text(0..12), text(0..4), any::<char>());
    let options = (
        option::of(text(0..8)),
        option::of(any::<u32>()),
        option::of(any::<u64>()),
    );
    // Up to the year 9999, and the digits of a decimal.
    let times = (0..250_000_000_000_i64, 0..28_i8, any::<i64>(), 0..10_u32);
    let nested = (
        vec(line(), 0..3),
        color(),
        btree_map(text(0..5), any::<i64>(), 0..3),
    );
    let tuple = (any::<u8>(), text(0..3), any::<[i16; 2]>());
    (texts, options, any::<bool>(), times, nested, tuple).prop_map(
        |(texts, options, is_gift, (second, day, digits, scale), nested, tuple)| Order {
            order_ref: texts.0,
            is_gift,
            first_letter: texts.2,
            coupon: options.0,
            seats_or_five: options.1,
            renamed: texts.1,
            new_name: options.2,
            price: Decimal::new(digits, scale),
            paid_at: jiff::Timestamp::from_second(second).unwrap(),
            day: jiff::civil::date(2026, 2, day + 1),
            lines: nested.0,
            color: nested.1,
            by_name: nested.2,
            tuple,
            nothing: (),
            skipped: 0,
        },
    )
}

#[derive(Clone, Debug, PartialEq, CheckoutMetadata)]
pub(super) struct Campaign {
    utm: String,
    visits: Option<u64>,
}

/// All kinds of flattened fields: a struct, an option, an enum and a map.
#[derive(Clone, Debug, PartialEq, CheckoutMetadata)]
pub(super) struct Flattened {
    #[metadata(flatten)]
    rest: BTreeMap<String, Option<i64>>,
    order_ref: String,
    #[metadata(flatten)]
    campaign: Option<Campaign>,
    #[metadata(flatten)]
    numbers: Box<Numbers>,
    #[metadata(flatten)]
    purchase: Purchase,
}

pub(super) fn flattened() -> impl Strategy<Value = Flattened> {
    let campaign = (text(0..6), option::of(any::<u64>()));
    let campaign = campaign.prop_map(|(utm, visits)| Campaign { utm, visits });
    // No key of a field starts with a dot, and a `None` in a map is not written.
    let key = text(0..6).prop_map(|key| format!(".{key}"));
    let rest = btree_map(key, any::<i64>().prop_map(Some), 0..4);
    (
        rest,
        text(0..6),
        option::of(campaign),
        numbers(),
        purchase(),
    )
        .prop_map(|(rest, order_ref, campaign, numbers, purchase)| Flattened {
            rest,
            order_ref,
            campaign,
            numbers: Box::new(numbers),
            purchase,
        })
}

#[derive(Clone, Debug, PartialEq, CheckoutMetadata)]
#[metadata(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "kebab-case"
)]
pub(super) enum Purchase {
    GiftCard {
        gift_from: String,
        gift_note: Option<String>,
    },
    #[metadata(rename = "Verlängerung")]
    Renewal,
}

pub(super) fn purchase() -> impl Strategy<Value = Purchase> {
    prop_oneof![
        Just(Purchase::Renewal),
        (text(0..6), option::of(text(0..6))).prop_map(|(gift_from, gift_note)| {
            Purchase::GiftCard {
                gift_from,
                gift_note,
            }
        }),
    ]
}

/// A struct whose other entries are kept as text.
#[derive(Clone, Debug, PartialEq, CheckoutMetadata)]
pub(super) struct Open {
    order_ref: String,
    #[metadata(flatten)]
    others: Metadata,
}

pub(super) fn open() -> impl Strategy<Value = Open> {
    let value = prop_oneof![
        text(0..6).prop_map(|text| serde_json::to_string(&text).unwrap()),
        any::<i64>().prop_map(|units| format!("{units}.10")),
        Just("123456789012345678901234567890".to_owned()),
        Just(r#"{"a" : 1,"a":2, "b":"\u00e9"}"#.to_owned()),
        Just("null".to_owned()),
    ];
    let key = text(0..6).prop_map(|key| serde_json::to_string(&format!(".{key}")).unwrap());
    let entries = btree_map(key, value, 0..5);
    (text(0..6), entries).prop_map(|(order_ref, entries)| {
        let entries: Vec<String> = entries
            .iter()
            .map(|(key, value)| format!("{key}:{value}"))
            .collect();
        Open {
            order_ref,
            others: Metadata::from_json(format!("{{{}}}", entries.join(","))).unwrap(),
        }
    })
}
