//! Sections of docs/measurements.md.

use std::fmt::Display;

/// Prints a markdown table.
pub(crate) fn print_table<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) {
    let line = |cells: &[String; N]| println!("| {} |", cells.join(" | "));
    line(&head.map(str::to_owned));
    line(&head.map(|_| "---".to_owned()));
    for row in rows {
        line(&row);
    }
    println!();
}

/// The median of several measurements, with their minimum and maximum.
#[derive(Clone, Debug)]
pub(crate) struct Band(Vec<f64>);

impl Band {
    pub(crate) fn new(mut values: Vec<f64>) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        Self(values)
    }

    pub(crate) fn median(&self) -> f64 {
        let middle = self.0.len() / 2;
        self.0.get(middle).copied().unwrap_or(f64::NAN)
    }

    /// Returns the text, e.g. `1.35 (1.13..1.46)`.
    pub(crate) fn text(&self, digits: usize) -> String {
        let (Some(first), Some(last)) = (self.0.first(), self.0.last()) else {
            return "-".to_owned();
        };
        format!(
            "{:.digits$} ({first:.digits$}..{last:.digits$})",
            self.median()
        )
    }

    /// Returns whether the median meets a goal, for a cell of a table, and whether another round does not agree.
    pub(crate) fn goal(&self, limit: f64, limit_text: impl Display) -> String {
        let is_met = self.median() <= limit;
        let agree = self.0.iter().all(|value| (*value <= limit) == is_met);
        let doubt = if agree { "" } else { ", not in each round" };
        goal(self.median(), limit, limit_text) + doubt
    }
}

/// Returns whether a goal is met, for a cell of a table.
pub(crate) fn goal(value: f64, limit: f64, limit_text: impl Display) -> String {
    format!("{limit_text}: {}", met(value <= limit))
}

pub(crate) fn met(is_met: bool) -> &'static str {
    if is_met { "met" } else { "missed" }
}
