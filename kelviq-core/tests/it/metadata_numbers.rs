//! Numbers are read with the same bits that were written.

use std::collections::BTreeMap;

use kelviq_core::{CheckoutMetadata, Metadata, MetadataError, ToMetadata};
use serde::{Deserialize, Serialize};
use serde_json::json;

type Result = std::result::Result<(), MetadataError>;

/// Numbers that are rounded, printed or parsed in a special way.
const SPECIAL: [f64; 12] = [
    0.0,
    -0.0,
    f64::MIN_POSITIVE,
    5e-324,
    f64::MAX,
    f64::MIN,
    f64::EPSILON,
    9_007_199_254_740_993.0,
    1e17,
    1.797_693_134_862_315_7e308,
    2.225_073_858_507_201e-308,
    0.1 + 0.2,
];

/// Returns random bits, the same in every run (`SplitMix64`).
fn random_bits() -> impl Iterator<Item = u64> {
    let mut state = 0x5eed_u64;
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}

/// Returns special numbers, random bit patterns, and random numbers below 1, all of them finite.
fn doubles() -> impl Iterator<Item = f64> {
    let random = random_bits().take(4_000).flat_map(|bits| {
        let below_one = f64::from_bits((bits >> 12) | 0x3ff0_0000_0000_0000) - 1.0;
        [f64::from_bits(bits), below_one, below_one * 1e6]
    });
    SPECIAL
        .into_iter()
        .chain(random)
        .filter(|number| number.is_finite())
}

#[derive(CheckoutMetadata)]
struct Numbers {
    double: f64,
    single: f32,
    maybe: Option<f64>,
    doubles: Vec<f64>,
    singles: (f32, [f32; 1]),
    by_name: BTreeMap<String, f64>,
    nested: Nested,
    tagged: Tagged,
    untagged: Untagged,
    json: serde_json::Value,
}

#[derive(Serialize, Deserialize)]
struct Nested {
    double: f64,
    single: f32,
    #[serde(flatten)]
    buffered: Buffered,
}

/// serde buffers a flattened struct before it is read.
#[derive(Serialize, Deserialize)]
struct Buffered {
    buffered_double: f64,
    buffered_single: f32,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Tagged {
    Price { double: f64, single: f32 },
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Pair(f64, f32),
}

#[test]
fn floating_point_fields_have_the_bits_that_were_written() -> Result {
    let singles = random_bits().map(|bits| f32::from_bits((bits >> 32) as u32));
    let singles = singles.filter(|number| number.is_finite());
    for (double, single) in doubles().zip(singles) {
        let numbers = Numbers {
            double,
            single,
            maybe: Some(double),
            doubles: vec![double, double],
            singles: (single, [single]),
            by_name: BTreeMap::from([("price".to_owned(), double)]),
            nested: Nested {
                double,
                single,
                buffered: Buffered {
                    buffered_double: double,
                    buffered_single: single,
                },
            },
            tagged: Tagged::Price { double, single },
            untagged: Untagged::Pair(double, single),
            json: json!([double]),
        };
        let metadata = numbers.to_metadata()?;
        let back: Numbers = metadata.parse()?;
        let Tagged::Price {
            double: tagged,
            single: tagged_single,
        } = back.tagged;
        let Untagged::Pair(untagged, untagged_single) = back.untagged;
        let all_doubles = [
            back.double,
            back.maybe.unwrap(),
            back.doubles[0],
            back.doubles[1],
            back.by_name["price"],
            back.nested.double,
            back.nested.buffered.buffered_double,
            tagged,
            untagged,
            back.json[0].as_f64().unwrap(),
        ];
        let all_singles = [
            back.single,
            back.singles.0,
            back.singles.1[0],
            back.nested.single,
            back.nested.buffered.buffered_single,
            tagged_single,
            untagged_single,
        ];
        let json = metadata.as_json();
        assert_eq!(
            all_doubles.map(f64::to_bits),
            [double.to_bits(); 10],
            "{json}"
        );
        assert_eq!(
            all_singles.map(f32::to_bits),
            [single.to_bits(); 7],
            "{json}"
        );
    }
    Ok(())
}

#[test]
fn get_and_the_comparison_with_json_have_the_bits_that_were_written() -> Result {
    for double in doubles() {
        let mut metadata = Metadata::new();
        metadata.insert("number", &double)?;
        metadata.insert("list", &[double])?;
        let back = metadata.get::<f64>("number")?.map(f64::to_bits);
        assert_eq!(back, Some(double.to_bits()), "{}", metadata.as_json());
        assert_eq!(
            metadata,
            json!({"number": double, "list": [double]}),
            "{}",
            metadata.as_json()
        );
        let neighbour = f64::from_bits(double.to_bits() ^ 1);
        if neighbour.is_finite() {
            assert_ne!(metadata, json!({"number": neighbour, "list": [double]}));
        }
        let reparsed = Metadata::from_serialize(&json!({ "number": double }))?;
        assert_eq!(reparsed.get_json("number"), metadata.get_json("number"));
    }
    Ok(())
}

#[test]
fn a_single_precision_number_equals_the_json_number_with_its_decimal_text() -> Result {
    let mut metadata = Metadata::new();
    metadata.insert("number", &0.1_f32)?;
    assert_eq!(metadata.as_json(), r#"{"number":0.1}"#);
    assert_eq!(metadata, json!({"number": 0.1}));
    // `json!` converts it to the `f64` 0.10000000149011612.
    assert_ne!(metadata, json!({"number": 0.1_f32}));
    assert_eq!(metadata.get::<f32>("number")?, Some(0.1));
    Ok(())
}

#[test]
fn numbers_with_many_digits_are_read_as_the_nearest_number() -> Result {
    for (text, expected) in [
        ("0.1000000000000000055511151231257827", 0.1),
        // Half-way between two numbers, and just beyond.
        ("9007199254740993.0", 9_007_199_254_740_992.0),
        (
            "9007199254740993.00000000000000000000000000000001",
            9_007_199_254_740_994.0,
        ),
        ("2.4703282292062328e-324", 5e-324),
        ("123456789012345678901234567890", 1.234_567_890_123_456_8e29),
    ] {
        let metadata = Metadata::from_json(format!(r#"{{"number":{text}}}"#))?;
        assert_eq!(
            metadata.get::<f64>("number")?.map(f64::to_bits),
            Some(f64::to_bits(expected)),
            "{text}"
        );
        assert_eq!(metadata, json!({ "number": expected }), "{text}");
    }
    Ok(())
}
