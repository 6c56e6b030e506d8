//! The generated code in a crate that denies many lints and shadows many names.

#![deny(
    warnings,
    missing_docs,
    clippy::pedantic,
    clippy::absolute_paths,
    clippy::trait_duplication_in_bounds,
    clippy::type_repetition_in_bounds,
    unused_qualifications,
    unreachable_pub
)]
#![forbid(unsafe_code)]

/// Applications that depend on kelviq-axum alone have kelviq-core under another path.
pub mod kelviq_axum {
    pub use kelviq_core as core_of_kelviq;
}

/// Shadows names of the prelude and of the crates that generated code uses.
#[allow(
    dead_code,
    non_camel_case_types,
    unused_macros,
    missing_debug_implementations
)]
pub mod shadowed {
    use std::{borrow, fmt, marker, option, primitive, string};

    /// Not the one of `std`.
    #[derive(fmt::Debug, marker::Copy, Clone)]
    pub struct Option;
    /// Not the one of `std`.
    pub struct Result;
    /// Not the one of `std`.
    pub struct String;
    /// Not the one of `std`.
    pub struct Vec;
    /// Not the one of `std`.
    pub struct Some;
    /// Not the one of `std`.
    pub struct Ok;
    /// Not the one of `std`.
    pub struct Err;
    /// Not the one of `std`.
    pub struct None;
    /// Not the primitive.
    pub struct str;
    /// Not the primitive.
    pub struct bool;
    /// Not the primitive.
    pub struct usize;
    /// Not the one of `std`.
    pub trait Default {}
    /// Not the one of `std`.
    pub trait Sized {}
    /// Not the one of `std`.
    pub trait From {}
    /// Not the one of `std`.
    pub trait Fn {}
    /// Not the one of kelviq-core.
    pub struct ToMetadata;
    /// Not the one of kelviq-core.
    pub struct MetadataKeys;
    /// Not the crate.
    pub mod core {}
    /// Not the crate.
    pub mod std_ {}
    /// Not the crate.
    pub mod serde {}
    /// Not the crate.
    pub mod kelviq_core {}
    macro_rules! panic {
        () => {};
    }
    macro_rules! matches {
        () => {};
    }

    /// Has every attribute.
    #[derive(fmt::Debug, PartialEq, ::kelviq_core::CheckoutMetadata)]
    #[metadata(rename_all = "camelCase", crate = crate::derive_hygiene::kelviq_axum::core_of_kelviq)]
    pub struct Order<T: Clone, const N: primitive::usize> {
        /// Documented.
        pub order_ref: string::String,
        /// Documented.
        #[metadata(alias = "places", default)]
        pub seats: u32,
        /// Documented.
        #[metadata(default = five)]
        pub quantity: u32,
        /// Documented.
        #[metadata(with = through)]
        pub with: u8,
        /// Documented.
        #[metadata(with = through, default)]
        pub with_default: u8,
        /// Documented.
        #[metadata(skip)]
        pub skipped: [u8; N],
        /// Documented.
        #[metadata(flatten)]
        pub campaign: option::Option<Campaign<'static>>,
        /// Documented.
        pub value: T,
    }

    /// Has a lifetime and a deprecated field.
    #[derive(fmt::Debug, PartialEq, ::kelviq_core::CheckoutMetadata)]
    pub struct Campaign<'a> {
        /// Documented.
        pub utm: borrow::Cow<'a, primitive::str>,
        /// Documented.
        #[deprecated]
        #[metadata(default)]
        pub old: u8,
    }

    /// Has both kinds of variants.
    #[derive(fmt::Debug, PartialEq, ::kelviq_core::CheckoutMetadata)]
    #[metadata(tag = "kind", crate = "::kelviq_core")]
    pub enum Kind {
        /// Documented.
        Gift {
            /// Documented.
            from: string::String,
        },
        /// Documented.
        Plain,
    }

    /// A private type in a public struct's private field.
    #[derive(::serde::Serialize, ::serde::Deserialize)]
    struct Private;

    /// Documented.
    #[derive(::kelviq_core::CheckoutMetadata)]
    pub struct Public {
        private: Private,
    }

    impl Public {
        /// Documented.
        pub const ONLY: Self = Self { private: Private };
    }

    fn five() -> u32 {
        5
    }

    mod through {
        use serde_::{Deserialize, Deserializer, Serializer};

        use ::serde as serde_;

        #[allow(clippy::trivially_copy_pass_by_ref)]
        pub(super) fn serialize<S: Serializer>(
            value: &u8,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            serializer.serialize_u8(*value)
        }

        pub(super) fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<u8, D::Error> {
            u8::deserialize(deserializer)
        }
    }
}

/// Structs that allow lints, which must not appear in the generated code.
pub mod linted {
    use std::fmt::Debug;

    /// Is deprecated.
    #[deprecated]
    #[derive(Debug, PartialEq, kelviq_core::CheckoutMetadata)]
    pub struct Old {
        /// Documented.
        pub utm: String,
    }

    /// Has two fields of the same type, which already has a bound.
    #[allow(deprecated)]
    #[derive(Debug, PartialEq, kelviq_core::CheckoutMetadata)]
    pub struct Order<T>
    where
        T: Debug,
    {
        /// Documented.
        pub first: T,
        /// Documented.
        pub second: T,
        /// Documented.
        #[metadata(default)]
        pub third: Vec<T>,
        /// Documented.
        #[metadata(flatten)]
        pub old: Old,
    }
}

/// Declares a struct with the path of kelviq-core that the macro sets.
#[macro_export]
macro_rules! metadata_struct {
    ($name:ident) => {
        /// Documented.
        #[derive(Debug, PartialEq, ::kelviq_core::CheckoutMetadata)]
        #[metadata(crate = $crate::derive_hygiene::kelviq_axum::core_of_kelviq)]
        pub struct $name {
            /// Documented.
            pub order_ref: String,
            /// Documented.
            #[metadata(flatten)]
            pub campaign: $crate::derive_hygiene::shadowed::Campaign<'static>,
        }
    };
}

metadata_struct!(ByMacro);

#[cfg(test)]
mod tests {
    use kelviq_core::{Metadata, MetadataError, ToMetadata};

    use super::ByMacro;
    use super::linted;
    use super::shadowed::{Campaign, Kind, Order, Public};

    #[test]
    #[allow(deprecated)]
    fn lints_of_the_struct_do_not_appear_in_generated_code() -> Result<(), MetadataError> {
        let order = linted::Order {
            first: 1,
            second: 2,
            third: vec![3],
            old: linted::Old { utm: "a".into() },
        };
        let metadata = order.to_metadata()?;
        assert_eq!(metadata.parse::<linted::Order<u8>>()?, order);
        Ok(())
    }

    #[test]
    fn a_macro_can_set_the_path_of_kelviq_core() -> Result<(), MetadataError> {
        let metadata = Metadata::from_json(r#"{"order_ref":"A","utm":"a","old":1}"#)?;
        let by_macro: ByMacro = metadata.parse()?;
        assert_eq!(by_macro.to_metadata()?, metadata);
        Ok(())
    }

    #[test]
    fn it_compiles_and_works() -> Result<(), MetadataError> {
        #[allow(deprecated)]
        let order = Order::<_, 2> {
            order_ref: "A".into(),
            seats: 1,
            quantity: 2,
            with: 3,
            with_default: 4,
            skipped: [0; 2],
            campaign: Some(Campaign {
                utm: "a".into(),
                old: 1,
            }),
            value: Some(1),
        };
        let metadata = order.to_metadata()?;
        assert_eq!(
            metadata.as_json(),
            r#"{"orderRef":"A","seats":1,"quantity":2,"with":3,"withDefault":4,"utm":"a","old":1,"value":1}"#
        );
        assert_eq!(metadata.parse::<Order<Option<u8>, 2>>()?, order);
        assert_eq!(Kind::Plain.to_metadata()?.parse::<Kind>()?, Kind::Plain);
        assert_eq!(Public::ONLY.to_metadata()?.as_json(), r#"{"private":null}"#);
        Ok(())
    }
}
