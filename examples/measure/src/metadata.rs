//! The section about metadata.

use std::fs;

use crate::{
    Result, instructions, metadata_operations,
    report::{Band, goal, print_table},
};

const ROUNDS: usize = 15;

/// About how many fields are written or read in a round, which takes many times the 4 ms in which CPU time is counted.
const FIELDS_PER_ROUND: usize = 2_000_000;

const FIELDS: [usize; 3] = [1, 8, 64];

/// What is measured: an operation, that of serde's derive, what they do, and the goal.
const COMPARISONS: [(&str, &str, &str, Option<f64>); 4] = [
    ("derive-out", "serde-out", "out: struct to text", Some(1.1)),
    (
        "derive-back",
        "serde-back",
        "back: text to struct",
        Some(1.3),
    ),
    (
        "derive-reversed",
        "serde-reversed",
        "back, with the keys in reverse order",
        None,
    ),
    (
        "metadata-back",
        "serde-back",
        "back, by way of a `Metadata`",
        None,
    ),
];

/// Prints the section.
pub(crate) fn print() -> Result<()> {
    println!(
        "A struct that derives `CheckoutMetadata`, `Serialize` and `Deserialize`, with strings, numbers, booleans, options, \
         enums and lists. Out is `to_metadata` and `as_json`, beside `serde_json::to_string`; back is `from_json`, beside \
         `serde_json::from_str`. Both write the same text, because serde's derive is told to skip a `None`, \
         which every eighth field is. Only `CheckoutMetadata` rejects NaN, describes errors without values, and reads the last \
         of several duplicate keys.\n"
    );
    let mut rows = Vec::new();
    for (own, base, title, limit) in COMPARISONS {
        for fields in FIELDS {
            let names = [own, base].map(|name| format!("{name}-{fields}"));
            let (nanos, ratios) = alternate(&names, FIELDS_PER_ROUND / fields)?;
            let [counted, base_counted] = [count(&names[0], fields)?, count(&names[1], fields)?];
            let ratio = counted as f64 / base_counted as f64;
            let [own_nanos, base_nanos] = nanos;
            rows.push([
                title.to_owned(),
                fields.to_string(),
                own_nanos.text(0),
                base_nanos.text(0),
                ratios.text(2),
                counted.to_string(),
                base_counted.to_string(),
                format!("{ratio:.2}"),
                limit.map_or_else(String::new, |limit| goal(ratio, limit, limit)),
            ]);
        }
    }
    print_table(
        [
            "metadata",
            "fields",
            "CPU, ns",
            "serde, ns",
            "ratio",
            "instructions",
            "serde",
            "ratio",
            "goal",
        ],
        rows,
    );
    Ok(())
}

fn count(name: &str, fields: usize) -> Result<u64> {
    instructions::count_operation(name, 6_400 / fields)
}

/// Repeats two operations in alternating rounds. Returns the CPU time of each, in nanoseconds, and the ratio by round.
fn alternate(names: &[String; 2], times: usize) -> Result<([Band; 2], Band)> {
    let mut operations = Vec::new();
    for name in names {
        operations.push(metadata_operations::operation(name)?);
    }
    let mut nanos = [Vec::new(), Vec::new()];
    for round in 0..=ROUNDS {
        for (operation, nanos) in operations.iter().zip(&mut nanos) {
            let before = cpu_nanos()?;
            for _ in 0..times {
                operation()?;
            }
            // The first round fills the caches.
            if round > 0 {
                nanos.push((cpu_nanos()? - before) as f64 / times as f64);
            }
        }
    }
    let rounds = nanos[0].iter().zip(&nanos[1]);
    let ratios = rounds.map(|(own, base)| own / base).collect();
    Ok((nanos.map(Band::new), Band::new(ratios)))
}

/// Returns the CPU time of this thread.
fn cpu_nanos() -> Result<u64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    let (nanos, _) = text.split_once(' ').ok_or("malformed schedstat")?;
    Ok(nanos.parse()?)
}
