//! Incomplete modules in `with = …`.

use kelviq_core::CheckoutMetadata;

mod cents {
    pub fn serialize<S: serde::Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(*value)
    }
}

mod euros {
    pub fn serialize<S: serde::Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(*value)
    }

    pub fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        serde::Deserialize::deserialize(deserializer)
    }
}

#[derive(CheckoutMetadata)]
struct Order {
    #[metadata(with = cents)]
    half: u64,
    #[metadata(with = euros)]
    another_type: String,
    #[metadata(with = nowhere)]
    missing: u64,
}

fn main() {}
