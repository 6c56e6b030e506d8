//! The report.

use crate::{
    growth::Growth,
    load::Load,
    samples::{Sample, Samples},
    units::{mebibytes, minutes, seconds},
    verdict::{Figures, MAX_LEFT_DESCRIPTORS},
    world::World,
};

/// Prints the report in markdown, for the section of docs/measurements.md. Returns `true` if nothing is wrong.
pub(crate) fn print(world: &World, samples: &Samples, load: &Load) -> bool {
    let comparison = &load.comparison;
    let confirmed = [50, 99, 100].map(|percent| world.confirmed_within(percent));
    let figures = [
        ("duration", minutes(world.duration())),
        (
            "buyers who came, and who were planned",
            format!("{}, {}", world.counts.buyers.get("came"), load.planned),
        ),
        (
            "checkouts",
            world
                .counts
                .buyers
                .get("were sent to the hosted page")
                .to_string(),
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
            confirmed.map(seconds).join(", "),
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
    counts("disruptions", world.counts.disruptions.all());
    for (name, observations) in world.counts.observations() {
        counts(name, observations.all());
    }
    let growth = growth(world, samples);
    print_processes(samples, growth.as_ref(), load);

    let figures = Figures {
        planned: load.planned,
        counts: &world.counts,
        comparison,
        confirmed,
        growth: growth.as_ref(),
        descriptors: [load.before, load.after].map(|sample| sample.descriptors),
    };
    let failures = figures.failures();
    if failures.is_empty() {
        println!("Verdict: passed.");
        return true;
    }
    println!("Verdict: **failed**.\n");
    for failure in failures {
        println!("- {failure}");
    }
    false
}

/// Returns the growth of the process that ran longest under load.
fn growth(world: &World, samples: &Samples) -> Option<Growth> {
    let under_load = samples.by_process().into_iter().filter_map(|mut samples| {
        samples.retain(|sample| sample.at <= world.duration());
        Growth::of(&samples)
    });
    under_load.max_by_key(|growth| growth.lifetime)
}

/// Prints memory and file descriptors.
fn print_processes(samples: &Samples, growth: Option<&Growth>, load: &Load) {
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
        samples.by_process().iter().filter_map(row),
    );
    let Some(growth) = growth else {
        return;
    };
    let level =
        |when: String, memory, descriptors: u64| [when, mebibytes(memory), descriptors.to_string()];
    let phase = minutes(growth.phase);
    let (first, last, rest) = (growth.first, growth.last, load.after);
    let head = format!(
        "process that ran longest, {} under load",
        minutes(growth.lifetime)
    );
    table(
        [&head, "median memory", "median file descriptors"],
        [
            level(
                format!("first {phase} of the second half"),
                first.memory,
                first.descriptors,
            ),
            level(
                format!("last {phase} of the load"),
                last.memory,
                last.descriptors,
            ),
            level("after the load".into(), rest.memory, rest.descriptors),
        ],
    );
    println!(
        "The memory grew by {} kB while {} buyers came. At most {} kB are allowed: {} kB for each buyer, and {} kB by which memory \
         varies without a leak. Before the load, {} file descriptors were open. After it, at most {MAX_LEFT_DESCRIPTORS} more \
         may be.\n",
        growth.memory() >> 10,
        growth.buyers(),
        growth.limit() >> 10,
        Growth::PER_BUYER >> 10,
        Growth::NOISE >> 10,
        load.before.descriptors,
    );
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
