//! Tables of CPU times and instructions per request.

use crate::{instructions::Instructions, report::print_table, rounds::Cpu};

/// Prints a table whose rows are from [`row`].
pub(crate) fn print(first_column: &str, rows: impl IntoIterator<Item = [String; 7]>) {
    print_table(
        [
            first_column,
            "CPU, µs",
            "CPU ratio",
            "instructions without hash",
            "ratio",
            "of the hash",
            "goal",
        ],
        rows,
    );
}

/// Returns the row of a server beside another one. Each is given by its position in `cpu` and its instructions. `limit` is the
/// goal for the ratio of the CPU times.
pub(crate) fn row(
    cpu: &Cpu,
    title: String,
    (position, counted): (usize, &Instructions),
    (base_position, base): (usize, &Instructions),
    limit: Option<f64>,
) -> [String; 7] {
    let ratio = cpu.ratio(position, base_position);
    let of_base = counted.without_hash as f64 / base.without_hash as f64;
    [
        title,
        cpu.micros(position).text(1),
        ratio.text(2),
        counted.without_hash.to_string(),
        format!("{of_base:.2}"),
        counted.hash.to_string(),
        limit.map_or_else(String::new, |limit| ratio.goal(limit, limit)),
    ]
}
