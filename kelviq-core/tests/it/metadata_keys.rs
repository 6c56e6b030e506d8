//! Keys of maps are data: messages show them escaped and bounded.

use std::collections::BTreeMap;

use kelviq_core::{CheckoutMetadata, Metadata, MetadataError, ToMetadata};

const FORGED: &str = "a\n2026-01-01 ERROR forged\r\u{1b}[31m\u{85}\u{2028}\u{202e}\u{0}";

#[derive(Debug, CheckoutMetadata)]
struct Order {
    #[metadata(flatten)]
    others: BTreeMap<String, u8>,
}

#[derive(Debug, CheckoutMetadata)]
struct TwoMaps {
    #[metadata(flatten)]
    first: Metadata,
    #[metadata(flatten)]
    second: BTreeMap<String, f64>,
}

/// Returns errors of every function that has a key, for the key.
fn errors(key: &str) -> Vec<MetadataError> {
    let not_a_number = BTreeMap::from([(key.to_owned(), f64::NAN)]);
    let metadata = Metadata::from_serialize(&BTreeMap::from([(key, "text")])).unwrap();
    let two_maps = TwoMaps {
        first: metadata.clone(),
        second: BTreeMap::from([(key.to_owned(), 1.0)]),
    };
    let reserved = BTreeMap::from([(1, 2)]);
    [
        not_a_number.to_metadata().err(),
        two_maps.to_metadata().err(),
        metadata.parse::<Order>().err(),
        metadata.parse::<BTreeMap<String, u8>>().err(),
        metadata.get::<u8>(key).err(),
        Metadata::new().insert(key, &f32::NAN).err(),
        Metadata::new()
            .insert(key, &BTreeMap::from([(reserved, 1)]))
            .err(),
        Some(MetadataError::custom(key, "invalid")),
        Some(MetadataError::custom("a", format!("invalid near {key}"))),
    ]
    .into_iter()
    .map(Option::unwrap)
    .collect()
}

fn assert_is_one_visible_line(shown: &str) {
    let is_visible = |letter: char| {
        !letter.is_control() && !matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202e}')
    };
    assert!(shown.chars().all(is_visible), "{shown:?}");
}

#[test]
fn a_line_break_in_a_key_is_escaped_in_errors() {
    for error in errors(FORGED) {
        for shown in [
            error.to_string(),
            format!("{error:?}"),
            format!("{error:#?}"),
        ] {
            assert_is_one_visible_line(&shown);
            assert!(
                shown.contains(r"a\n2026-01-01 ERROR forged\r\u{1b}[31m"),
                "{shown}"
            );
        }
    }
    let error = MetadataError::custom("ä\n\u{2028}b", "");
    assert_eq!(error.to_string(), r"metadata key `ä\n\u{2028}b`: ");
    assert_eq!(error.key(), Some("ä\n\u{2028}b"));
}

#[test]
fn a_long_key_is_cut_in_errors() {
    let key = "ü".repeat(100_000);
    for error in errors(&key).iter().take(8) {
        let shown = error.to_string();
        let start = format!("metadata key `{}…`: ", "ü".repeat(64));
        assert!(shown.starts_with(&start) && shown.len() < 400, "{shown}");
        assert_eq!(error.key(), Some(&*key));
    }
    let short = "k".repeat(64);
    assert!(
        errors(&short)[0]
            .to_string()
            .contains(&format!("`{short}`"))
    );
}

#[test]
fn debug_of_metadata_is_bounded_and_one_line() {
    let mut metadata = Metadata::new();
    metadata.insert(FORGED, &1).unwrap();
    assert_is_one_visible_line(&format!("{metadata:?}"));

    let many: BTreeMap<String, u8> = (0..1_000)
        .map(|at| (format!("{at:05}{}", "k".repeat(500)), 1))
        .collect();
    let shown = format!("{:?}", many.to_metadata().unwrap());
    assert!(shown.len() < 3_000, "{}", shown.len());
    assert!(
        shown.starts_with(r#"Metadata { keys: ["00000kkk"#),
        "{shown}"
    );
    assert!(shown.ends_with(r#"kkk…", ..], .. }"#), "{shown}");
}
