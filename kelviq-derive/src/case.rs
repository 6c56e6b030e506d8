//! The cases of `rename_all`, which are the same as in serde.

/// A case that names are converted to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Case {
    /// No conversion.
    #[default]
    Unchanged,
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

/// The names of the cases. Each name is written in the case that it names, e.g. `snake_case`.
pub(crate) const NAMES: [(&str, Case); 8] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

impl Case {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        NAMES
            .iter()
            .find_map(|(known, case)| (*known == name).then_some(*case))
    }

    /// Converts the name of a field from `snake_case`.
    pub(crate) fn field(self, name: &str) -> String {
        match self {
            Self::Unchanged | Self::Lower | Self::Snake => name.to_owned(),
            Self::Upper | Self::ScreamingSnake => name.to_ascii_uppercase(),
            Self::Pascal => pascal(name),
            Self::Camel => lower_first(&pascal(name)),
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// Converts the name of a variant from `PascalCase`.
    pub(crate) fn variant(self, name: &str) -> String {
        match self {
            Self::Unchanged | Self::Pascal => name.to_owned(),
            Self::Lower => name.to_ascii_lowercase(),
            Self::Upper => name.to_ascii_uppercase(),
            Self::Camel => lower_first(name),
            Self::Snake => snake(name),
            Self::ScreamingSnake => snake(name).to_ascii_uppercase(),
            Self::Kebab => snake(name).replace('_', "-"),
            Self::ScreamingKebab => snake(name).to_ascii_uppercase().replace('_', "-"),
        }
    }
}

fn pascal(name: &str) -> String {
    let mut upper_next = true;
    let mut result = String::new();
    for letter in name.chars() {
        if letter == '_' {
            upper_next = true;
        } else if upper_next {
            result.push(letter.to_ascii_uppercase());
            upper_next = false;
        } else {
            result.push(letter);
        }
    }
    result
}

fn snake(name: &str) -> String {
    let mut result = String::new();
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_uppercase() {
            result.push('_');
        }
        result.push(letter.to_ascii_lowercase());
    }
    result
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::{Case, NAMES};

    #[test]
    fn every_case_is_written_in_its_own_case() {
        for (name, case) in NAMES {
            let words = match name {
                "lowercase" | "UPPERCASE" => name.to_ascii_lowercase(),
                "PascalCase" | "camelCase" => name.replace("Case", "_case").to_ascii_lowercase(),
                _ => name.to_ascii_lowercase().replace('-', "_"),
            };
            assert_eq!(case.field(&words), name, "a field");
            assert_eq!(case.variant(&Case::Pascal.field(&words)), name, "a variant");
        }
    }

    #[test]
    fn names_beyond_ascii_are_kept() {
        assert_eq!(Case::Camel.field("straße_ä"), "straßeä");
        assert_eq!(Case::Camel.variant("Ärger"), "Ärger");
        assert_eq!(Case::Snake.variant("GrößeÄrger"), "größe_Ärger");
        assert_eq!(Case::Camel.field("_"), "");
    }
}
