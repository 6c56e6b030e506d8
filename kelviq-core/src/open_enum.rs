//! The `open_enum!` macro, which declares string enums that keep unknown values.

/// Declares a string enum with a variant for each given value and `Other` for all others. Further spellings of a value follow
/// after `|`.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $value:literal $(| $spelling:literal)*,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", $value, "`")]
                $(#[$variant_meta])*
                $variant,
            )+
            /// A value without a variant, unchanged.
            Other(String),
        }

        impl $name {
            /// Returns the value as it is sent and received.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)+
                    Self::Other(value) => value,
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($value $(| $spelling)* => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                Ok(Self::from(&*value))
            }
        }

        /// Keeps a number as its text.
        impl $crate::json::Lenient for $name {
            fn read(json: &str) -> Option<Self> {
                String::read(json).map(|value| Self::from(&*value))
            }

            fn deserialize_usual<'de, D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<Self>, D::Error> {
                let value: Option<$crate::json::Key<'de>> = serde::Deserialize::deserialize(deserializer)?;
                Ok(value.map(|value| Self::from(&*value.0)))
            }
        }
    };
}

pub(crate) use open_enum;
