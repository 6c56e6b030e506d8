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

/// Returns the number of letters to insert, remove, replace or swap with the next one.
fn distance(from: &str, to: &str) -> usize {
    let [from, to]: [Vec<char>; 2] = [from, to].map(|text| text.chars().collect());
    let mut before = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for i in 0..from.len() {
        let mut next = vec![i + 1];
        for j in 0..to.len() {
            let replaced = row[j] + usize::from(from[i] != to[j]);
            let mut least = replaced.min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && from[i] == to[j - 1] && from[i - 1] == to[j] {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
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
        assert_eq!(near_miss("skpi", &known), Some("skip"));
        assert_eq!(
            near_miss("spik", &known),
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
        assert_eq!(distance("tga", "tag"), 1);
    }
}
