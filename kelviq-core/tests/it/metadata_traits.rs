//! `ToMetadata` and `FromMetadata` without the derive: manual implementations, maps, `Option`, references.

use std::collections::{BTreeMap, HashMap};

use kelviq_core::{
    __private, CheckoutMetadata, FromMetadata, Metadata, MetadataError, MetadataKeys,
    MetadataReader, MetadataWriter, ToMetadata,
};

/// Two values under one key.
#[derive(Debug, PartialEq)]
struct Seats {
    from: u32,
    to: u32,
}

/// The keys of [`Seats`].
#[derive(CheckoutMetadata)]
struct SeatsText {
    #[allow(dead_code, reason = "only the name is needed")]
    seats: String,
}

impl ToMetadata for Seats {
    const KEYS: MetadataKeys = SeatsText::KEYS;

    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
        writer.entry("seats", &format!("{}-{}", self.from, self.to))
    }
}

impl FromMetadata for Seats {
    fn read_metadata(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
        let seats: String = reader.required("seats")?;
        let numbers = seats
            .split_once('-')
            .and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
        let (from, to) =
            numbers.ok_or_else(|| MetadataError::custom("seats", "expected two numbers, `2-5`"))?;
        Ok(Self { from, to })
    }
}

#[test]
fn a_manual_implementation_reads_what_it_writes() -> Result<(), MetadataError> {
    let metadata = Seats { from: 2, to: 5 }.to_metadata()?;
    assert_eq!(metadata.as_json(), r#"{"seats":"2-5"}"#);
    assert_eq!(metadata.parse::<Seats>()?, Seats { from: 2, to: 5 });
    assert_eq!(<&Seats>::KEYS.to_vec(), ["seats"]);
    assert_eq!((&&Seats { from: 2, to: 5 }).to_metadata()?, metadata);
    Ok(())
}

#[test]
fn a_custom_error_names_the_key_and_contains_the_text() -> Result<(), MetadataError> {
    let Err(error) = Metadata::from_json(r#"{"seats":"many"}"#)?.parse::<Seats>() else {
        panic!("`many` is not a number")
    };
    assert_eq!(
        error.to_string(),
        "metadata key `seats`: expected two numbers, `2-5`"
    );
    assert_eq!(error.key(), Some("seats"));
    assert_eq!(error.raw(), Some(r#"{"seats":"many"}"#));
    Ok(())
}

#[test]
fn a_key_cannot_be_written_twice() {
    struct Twice;
    impl ToMetadata for Twice {
        fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
            writer.entry("a", &1)?;
            writer.entry("b", &None::<u32>)?;
            writer.entry("b", &2)?;
            writer.entry("a", &3)
        }
    }
    let Err(error) = Twice.to_metadata() else {
        panic!("`a` is written twice")
    };
    assert_eq!(error.to_string(), "metadata key `a`: written twice");
}

#[derive(CheckoutMetadata)]
struct Page {
    page: &'static str,
}

/// Writes the entries of [`Page`] and then calls the function.
struct PageAnd(fn(&mut MetadataWriter) -> Result<(), MetadataError>);

impl ToMetadata for PageAnd {
    fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
        Page { page: "first" }.write_metadata(writer)?;
        (self.0)(writer)
    }
}

#[test]
fn a_key_of_a_derived_struct_cannot_be_written_again() -> Result<(), MetadataError> {
    #[derive(CheckoutMetadata)]
    struct Around {
        #[metadata(flatten)]
        inner: PageAnd,
        page: &'static str,
    }
    #[derive(CheckoutMetadata)]
    #[metadata(tag = "page")]
    enum Tagged {
        Second,
    }
    let metadata = PageAnd(|writer| writer.entry("other", &1)).to_metadata()?;
    assert_eq!(metadata.as_json(), r#"{"page":"first","other":1}"#);
    let around = Around {
        inner: PageAnd(|_| Ok(())),
        page: "second",
    };
    for twice in [
        PageAnd(|writer| writer.entry("page", "second")).to_metadata(),
        PageAnd(|writer| Page { page: "second" }.write_metadata(writer)).to_metadata(),
        PageAnd(|writer| Tagged::Second.write_metadata(writer)).to_metadata(),
        PageAnd(|writer| BTreeMap::from([("page", 2)]).write_metadata(writer)).to_metadata(),
        around.to_metadata(),
    ] {
        let Err(error) = twice else {
            panic!("`page` is written twice")
        };
        assert_eq!(error.to_string(), "metadata key `page`: written twice");
    }
    Ok(())
}

#[test]
fn maps_and_metadata_have_dynamic_keys() -> Result<(), MetadataError> {
    let map = BTreeMap::from([("b".to_owned(), 2), ("a".to_owned(), 1)]);
    let metadata = map.to_metadata()?;
    assert_eq!(metadata.as_json(), r#"{"a":1,"b":2}"#);
    assert_eq!(metadata.parse::<BTreeMap<String, u32>>()?, map);
    assert_eq!(
        metadata.parse::<HashMap<String, u32>>()?,
        map.into_iter().collect()
    );
    assert_eq!(
        HashMap::from([("a".to_owned(), 1)])
            .to_metadata()?
            .as_json(),
        r#"{"a":1}"#
    );
    assert_eq!(metadata.to_metadata()?, metadata);
    assert_eq!(metadata.parse::<Metadata>()?, metadata);

    for keys in [
        Metadata::KEYS,
        BTreeMap::<String, u32>::KEYS,
        HashMap::<String, u32>::KEYS,
    ] {
        assert!(keys.to_vec().is_empty());
        assert!(!keys.is_complete());
    }
    Ok(())
}

#[test]
fn an_error_of_a_map_names_the_key() -> Result<(), MetadataError> {
    let metadata = Metadata::from_json(r#"{"a":1,"b":"x"}"#)?;
    let Err(error) = metadata.parse::<BTreeMap<String, u32>>() else {
        panic!("a string is not a number")
    };
    assert_eq!(
        error.to_string(),
        "metadata key `b`: expected u32, found a string"
    );
    Ok(())
}

#[test]
fn an_option_that_is_none_writes_no_entries() -> Result<(), MetadataError> {
    assert_eq!(
        None::<BTreeMap<String, u32>>.to_metadata()?,
        Metadata::new()
    );
    assert_eq!(
        Some(Seats { from: 1, to: 2 }).to_metadata()?.as_json(),
        r#"{"seats":"1-2"}"#
    );
    Ok(())
}

#[test]
fn an_option_of_a_manual_implementation_is_read_by_default() -> Result<(), MetadataError> {
    let metadata = Metadata::from_json(r#"{"seats":"1-2"}"#)?;
    assert_eq!(
        metadata.parse::<Option<Seats>>()?,
        Some(Seats { from: 1, to: 2 })
    );
    assert!(Metadata::new().parse::<Option<Seats>>().is_err());
    Ok(())
}

#[test]
fn metadata_is_verbatim_in_every_wrapper() -> Result<(), MetadataError> {
    let json = r#"{"\u0061": 1.10 , "b":2, "b":3}"#;
    let metadata = Metadata::from_json(json)?;
    assert_eq!(<&Metadata>::to_metadata(&&metadata)?.as_json(), json);
    assert_eq!(Some(&metadata).to_metadata()?.as_json(), json);
    assert_eq!(Box::new(metadata.clone()).to_metadata()?.as_json(), json);
    assert_eq!(metadata.parse::<Box<Metadata>>()?.as_json(), json);
    let read: Option<Box<Metadata>> = metadata.parse()?;
    assert_eq!(read.to_metadata()?.as_json(), json);
    assert_eq!(Metadata::new().parse::<Option<Metadata>>()?, None);
    assert_eq!(<Box<Seats>>::KEYS.to_vec(), ["seats"]);
    Ok(())
}

#[test]
fn debug_of_keys_shows_whether_they_are_complete() {
    const PARTS: &[MetadataKeys] = &[__private::keys(&["a", "b"]), MetadataKeys::DYNAMIC];
    assert_eq!(
        format!("{:?}", __private::keys(&["a", "b"])),
        r#"["a", "b"]"#
    );
    assert_eq!(
        format!("{:?}", __private::combined(PARTS)),
        r#"["a", "b", ..]"#
    );
    assert_eq!(__private::combined(&[]).to_vec(), [""; 0]);
    assert_eq!(__private::aliases(&["a"]).to_vec(), [""; 0]);
}

#[test]
fn debug_of_a_writer_and_a_reader_shows_no_values() -> Result<(), MetadataError> {
    struct Shows;
    impl ToMetadata for Shows {
        fn write_metadata(&self, writer: &mut MetadataWriter) -> Result<(), MetadataError> {
            writer.entry("a", "hidden")?;
            assert_eq!(
                format!("{writer:?}"),
                r#"MetadataWriter { written: {"a"}, .. }"#
            );
            Ok(())
        }
    }
    impl FromMetadata for Shows {
        fn read_metadata(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
            assert_eq!(
                format!("{reader:?}"),
                r#"MetadataReader { keys: ["a"], .. }"#
            );
            Ok(Self)
        }
    }
    Shows.to_metadata()?.parse::<Shows>().map(drop)
}

#[test]
fn a_reader_returns_the_entries_that_were_not_read() -> Result<(), MetadataError> {
    #[derive(Debug)]
    struct Rest(Metadata);
    impl FromMetadata for Rest {
        fn read_metadata(reader: &mut MetadataReader<'_>) -> Result<Self, MetadataError> {
            assert!(reader.has_value("a"));
            assert!(!reader.has_value("null") && !reader.has_value("absent"));
            assert_eq!(reader.get::<u32>("a")?, Some(2));
            assert_eq!(reader.get::<u32>("absent")?, None);
            Ok(Self(reader.rest()))
        }
    }
    let metadata = Metadata::from_json(r#"{"a":1,"b":1.10,"null":null,"a":2}"#)?;
    assert_eq!(
        metadata.parse::<Rest>()?.0.as_json(),
        r#"{"b":1.10,"null":null}"#
    );
    Ok(())
}
