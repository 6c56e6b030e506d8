//! The names of the items in `#[metadata(…)]`, as one enum for each position.

use proc_macro2::Ident;
use syn::ext::IdentExt;

/// The names that are allowed in one position.
///
/// Names are matched through these enums, so that a new one does not compile until it is handled everywhere.
pub(crate) trait AttributeName: Copy + PartialEq + 'static {
    /// The position, for error messages.
    const POSITION: &str;
    const ALL: &[Self];

    fn name(self) -> &'static str;

    /// Returns `true` if the item can be present several times.
    fn is_repeatable(self) -> bool;

    fn from_ident(ident: &Ident) -> Option<Self> {
        let name = ident.unraw().to_string();
        let mut all = Self::ALL.iter().copied();
        all.find(|attribute| attribute.name() == name)
    }

    fn names() -> Vec<&'static str> {
        Self::ALL.iter().map(|attribute| attribute.name()).collect()
    }
}

macro_rules! attribute_names {
    (
        $(#[$doc:meta])*
        $enum:ident on $position:literal { $($variant:ident = $name:literal,)* }
        repeatable { $($repeatable:ident)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub(crate) enum $enum {
            $($variant,)*
        }

        impl AttributeName for $enum {
            const POSITION: &str = $position;
            const ALL: &[Self] = &[$(Self::$variant,)*];

            fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            fn is_repeatable(self) -> bool {
                let repeatable: &[Self] = &[$(Self::$repeatable,)*];
                repeatable.contains(&self)
            }
        }
    };
}

attribute_names! {
    /// On the struct or enum.
    ContainerAttribute on "the struct or enum" {
        RenameAll = "rename_all",
        RenameAllFields = "rename_all_fields",
        Default = "default",
        Explicit = "explicit",
        Tag = "tag",
        Crate = "crate",
    }
    repeatable {}
}

attribute_names! {
    /// On a variant of an enum.
    VariantAttribute on "a variant" {
        Rename = "rename",
        RenameAll = "rename_all",
        Alias = "alias",
        Other = "other",
    }
    repeatable { Alias }
}

attribute_names! {
    /// On a field.
    FieldAttribute on "a field" {
        Rename = "rename",
        Skip = "skip",
        Default = "default",
        Flatten = "flatten",
        With = "with",
        Alias = "alias",
        AllowSensitive = "allow_sensitive",
    }
    repeatable { Alias }
}

/// Returns the position in which `name` is allowed.
pub(crate) fn position_of(name: &Ident) -> Option<&'static str> {
    fn position<A: AttributeName>(name: &Ident) -> Option<&'static str> {
        A::from_ident(name).map(|_| A::POSITION)
    }
    position::<FieldAttribute>(name)
        .or_else(|| position::<ContainerAttribute>(name))
        .or_else(|| position::<VariantAttribute>(name))
}
