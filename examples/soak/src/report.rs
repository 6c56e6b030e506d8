//! The report.

use std::time::Duration;

use crate::{
    check::Comparison,
    samples::{Growth, Sample, Samples},
    tally::Tally,
    world::World,
};

/// Prints the report in markdown, for the section of docs/measurements.md. Returns `true` if nothing is wrong.
pub(crate) fn print(world: &World, samples: &Samples, comparison: &Comparison) -> bool {
    let figures = [
        ("duration", minutes(world.duration())),
        ("buyers", world.buyers.get("came").to_string()),
        (
            "checkouts",
            world.buyers.get("were sent to the hosted page").to_string(),
        ),
        ("payments", comparison.payments.to_string()),
        ("orders in the database", comparison.orders.to_string()),
        (
            "paid without an order",
            comparison.missing.len().to_string(),
        ),
        (
            "orders without a payment",
            comparison.unpaid.len().to_string(),
        ),
        (
            "orders with another reference",
            comparison.confused.len().to_string(),
        ),
        (
            "orders to review",
            comparison.reviews.values().sum::<u64>().to_string(),
        ),
        (
            "events still waiting, dead",
            format!("{}, {}", comparison.store.waiting, comparison.store.dead),
        ),
        (
            "from the payment to the page with the order: half, 99 %, all of the buyers within",
            [50, 99, 100]
                .map(|percent| seconds(world.confirmed_within(percent)))
                .join(", "),
        ),
        (
            "longest time under load without a new order",
            seconds(world.log.longest_gap()),
        ),
        (
            "everything settled after the end of the load",
            seconds(comparison.settled_after),
        ),
    ];
    table(
        ["", "value"],
        figures.map(|(name, value)| [name.to_owned(), value]),
    );
    tally("what buyers did", &world.buyers);
    tally("disruptions", &world.disruptions);
    tally(
        "responses to deliveries, with duplicates",
        &world.deliveries,
    );
    tally("responses to forged and stale deliveries", &world.forged);
    tally("slow clients", &world.slow);
    tally("errors that buyers saw, each retried", &world.errors);
    counts(
        "warnings and errors in the storefront's log",
        world.log.messages(),
    );

    let mut wrong = failures(world, comparison);
    print_processes(world, samples, &mut wrong);

    if wrong.is_empty() {
        println!("Verdict: passed.");
        return true;
    }
    println!("Verdict: **failed**.\n");
    for (name, count) in wrong {
        println!("- {count} × {name}");
    }
    false
}

/// Returns what must not happen, with its numbers.
fn failures(world: &World, comparison: &Comparison) -> Vec<(String, u64)> {
    let mut wrong = world.log.failures();
    wrong.extend(world.failures.all());
    let count = |wrong: &mut Vec<(String, u64)>, name: &str, ids: &[String]| {
        if !ids.is_empty() {
            let some = ids.iter().take(5).map(String::as_str).collect::<Vec<_>>();
            wrong.push((
                format!("{name}, such as {}", some.join(", ")),
                ids.len() as u64,
            ));
        }
    };
    count(&mut wrong, "payments without an order", &comparison.missing);
    count(&mut wrong, "orders without a payment", &comparison.unpaid);
    count(
        &mut wrong,
        "orders with another reference",
        &comparison.confused,
    );
    wrong.extend(
        comparison
            .reviews
            .iter()
            .map(|(reason, count)| (format!("orders to review: {reason}"), *count)),
    );
    if comparison.store.waiting > 0 {
        wrong.push((
            "events that were not handled in time".into(),
            comparison.store.waiting,
        ));
    }
    if comparison.store.dead > 0 {
        wrong.push(("events that were given up".into(), comparison.store.dead));
    }
    wrong
}

/// Prints memory and file descriptors, and checks whether they are bounded.
fn print_processes(world: &World, samples: &Samples, wrong: &mut Vec<(String, u64)>) {
    let processes = samples.by_process();
    let row = |samples: &Vec<Sample>| {
        let (first, last) = (samples.first()?, samples.last()?);
        let max = |of: fn(&Sample) -> u64| samples.iter().map(of).max().unwrap_or_default();
        Some([
            format!("{} to {}", minutes(first.at), minutes(last.at)),
            mebibytes(max(|sample| sample.memory)),
            max(|sample| sample.descriptors).to_string(),
        ])
    };
    table(
        [
            "process of the storefront",
            "most memory",
            "most file descriptors",
        ],
        processes.iter().filter_map(row),
    );

    let under_load = processes.into_iter().filter_map(|mut samples| {
        samples.retain(|sample| sample.at <= world.duration());
        Growth::of(&samples)
    });
    let Some(growth) = under_load.max_by_key(|growth| growth.lifetime) else {
        wrong.push(("the storefront did not run".into(), 1));
        return;
    };
    let (first, last) = (growth.first, growth.last);
    let phase = minutes(growth.phase);
    let mut rows = vec![
        [
            format!("first {phase} after the warm-up"),
            mebibytes(first.memory),
            first.descriptors.to_string(),
        ],
        [
            format!("last {phase} of the load"),
            mebibytes(last.memory),
            last.descriptors.to_string(),
        ],
    ];
    if let Some(rest) = samples.latest() {
        rows.push([
            "after the load".into(),
            mebibytes(rest.memory),
            rest.descriptors.to_string(),
        ]);
    }
    let head = format!("longest process, {} under load", minutes(growth.lifetime));
    table([&head, "median memory", "median file descriptors"], rows);
    println!(
        "Bounded means: in the last phase at most 1.25 times the first one, plus 16 MiB or 50 file descriptors.\n"
    );
    if !growth.memory_is_bounded() {
        wrong.push(("the memory grows".into(), 1));
    }
    if !growth.descriptors_are_bounded() {
        wrong.push(("the number of file descriptors grows".into(), 1));
    }
}

fn tally(name: &str, tally: &Tally) {
    counts(name, tally.all());
}

fn counts(name: &str, counts: Vec<(String, u64)>) {
    table(
        [name, "number"],
        counts
            .into_iter()
            .map(|(name, count)| [name, count.to_string()]),
    );
}

fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) {
    println!("| {} |\n|{}", head.join(" | "), "---|".repeat(N));
    for row in rows {
        println!(
            "| {} |",
            row.map(|cell| cell.replace('|', "\\|")).join(" | ")
        );
    }
    println!();
}

pub(crate) fn minutes(duration: Duration) -> String {
    let seconds = duration.as_secs();
    format!("{}:{:02} min", seconds / 60, seconds % 60)
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[expect(clippy::cast_precision_loss, reason = "only one decimal is shown")]
pub(crate) fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}
