//! Suggestions for misspelt names.

/// Returns the known name that is most similar to `name`, if it is similar enough to be a typing error.
pub(crate) fn near_miss<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let close = |other: &str| distance(&simple(name), &simple(other));
    let nearest = known.iter().min_by_key(|known| close(known))?;
    (close(nearest) <= nearest.len() / 3).then_some(nearest)
}

/// Formats names for an error message: `` `a`, `b`, `c` ``.
pub(crate) fn listed(known: &[&str]) -> String {
    format!("`{}`", known.join("`, `"))
}

fn simple(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '-'], "")
}

/// Returns the Levenshtein distance: the number of letters to insert, remove or replace.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, near_miss};

    #[test]
    fn a_typing_error_finds_the_similar_name() {
        let known = ["rename", "skip", "default", "flatten", "allow_sensitive"];
        assert_eq!(near_miss("renam", &known), Some("rename"));
        assert_eq!(near_miss("flaten", &known), Some("flatten"));
        assert_eq!(near_miss("allowSensitive", &known), Some("allow_sensitive"));
        assert_eq!(
            near_miss("skpi", &known),
            None,
            "two changes in four letters exceed the limit"
        );
        assert_eq!(near_miss("validate", &known), None);
        assert_eq!(near_miss("x", &[]), None);
    }

    #[test]
    fn distance_counts_changes() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
