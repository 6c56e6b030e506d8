//! The section about the webhook route.

use crate::{
    Result, costs, instructions,
    report::{goal, print_table},
    rounds::{Rounds, print_throughput},
    webhook_delivery::{Deliveries, Kind},
};

/// Size of a typical body.
const SIZE: usize = 1500;

const REQUESTS: usize = 8_000;

const ROUTE: &str = "webhook-route";
const FIELD: &str = "webhook-field";
const EMPTY: &str = "webhook-empty";

/// The servers of the first table, with what they do.
const SERVERS: [(&str, &str); 4] = [
    (ROUTE, "`webhook` with typed metadata and `MemoryInbox`"),
    (FIELD, "verifies and reads one field"),
    (
        "webhook-value",
        "verifies and parses to `serde_json::Value`",
    ),
    (EMPTY, "reads the body only"),
];

/// Prints the section.
pub(crate) async fn print() -> Result<()> {
    println!(
        "The route `webhook` with `Event<M>` and `MemoryInbox` beside hand-written axum handlers, over whole requests; \
         each server is a process of its own.\n"
    );
    for (arguments, title) in [
        (&["at-once"][..], "The handler answers at once"),
        (&["waits"][..], "The handler waits once"),
    ] {
        println!("{title}, body of {} bytes:\n", deliveries(SIZE)?.size());
        print_ratios(arguments).await?;
    }
    let pair = [SERVERS[0], SERVERS[1]];
    print_throughput(&[pair], &["at-once"], &deliveries(SIZE)?, REQUESTS).await?;
    print_refused().await?;
    print_sizes().await?;
    print_logged().await
}

fn deliveries(size: usize) -> Result<Deliveries> {
    Deliveries::new(size, Kind::Accepted)
}

/// Prints the CPU time and the instructions of each server.
async fn print_ratios(arguments: &[&str]) -> Result<()> {
    let mut cpu = Rounds::default();
    for (name, _) in SERVERS {
        cpu.add(name, arguments, deliveries(SIZE)?, 16, REQUESTS)
            .await?;
    }
    let cpu = cpu.run().await?;
    let mut instructions = Vec::new();
    for (name, _) in SERVERS {
        instructions.push(instructions::count(name, arguments, &deliveries(SIZE)?).await?);
    }
    let one_field = (1, &instructions[1]);
    costs::print(
        "server",
        SERVERS.iter().enumerate().map(|(row, (name, title))| {
            let limit = (*name == ROUTE).then_some(1.5);
            costs::row(
                &cpu,
                (*title).to_owned(),
                (row, &instructions[row]),
                one_field,
                limit,
            )
        }),
    );
    Ok(())
}

async fn print_refused() -> Result<()> {
    println!("Refused deliveries beside accepted ones, at the route:\n");
    let kinds = [
        (Kind::Accepted, "accepted"),
        (Kind::WrongSignature, "wrong signature"),
        (Kind::Stale, "timestamp of an hour ago"),
        (Kind::Unsigned, "unsigned"),
    ];
    // The row of the route that reads the body only.
    let reads_body = kinds.len();
    let unverified = Deliveries::new(SIZE, Kind::Unverified)?;
    let mut cpu = Rounds::default();
    for (kind, _) in kinds {
        let deliveries = Deliveries::new(SIZE, kind)?;
        cpu.add(ROUTE, &["at-once"], deliveries, 16, REQUESTS)
            .await?;
    }
    cpu.add(EMPTY, &[], unverified.clone(), 16, REQUESTS)
        .await?;
    let cpu = cpu.run().await?;
    let read = instructions::count(EMPTY, &[], &unverified).await?;
    let mut rows = Vec::new();
    for (row, (kind, title)) in kinds.into_iter().enumerate() {
        let deliveries = Deliveries::new(SIZE, kind)?;
        let counted = instructions::count(ROUTE, &["at-once"], &deliveries).await?;
        let ratio = cpu.ratio(row, 0);
        rows.push([
            title.to_owned(),
            cpu.micros(row).text(1),
            ratio.text(2),
            counted.without_hash.to_string(),
            match kind {
                Kind::Accepted => String::new(),
                Kind::Unsigned => {
                    let ratio = counted.without_hash as f64 / read.without_hash as f64;
                    let limit = "1.2 times the instructions of a route that reads the body only";
                    format!("{}, {ratio:.2}", goal(ratio, 1.2, limit))
                }
                _ => ratio.goal(1.0, "1.0"),
            },
        ]);
    }
    rows.push([
        "unsigned, at a route that reads the body only".to_owned(),
        cpu.micros(reads_body).text(1),
        cpu.ratio(reads_body, 0).text(2),
        read.without_hash.to_string(),
        String::new(),
    ]);
    print_table(
        [
            "delivery",
            "CPU, µs",
            "ratio to accepted",
            "instructions without hash",
            "goal",
        ],
        rows,
    );
    Ok(())
}

async fn print_sizes() -> Result<()> {
    println!("Large bodies, at 2 connections:\n");
    let mut rows = Vec::new();
    let mut per_kilobyte = Vec::new();
    for (size, requests) in [(SIZE, REQUESTS), (200_000, 400), (1_000_000, 80)] {
        let mut cpu = Rounds::default();
        for (name, _) in &SERVERS[..3] {
            cpu.add(name, &["at-once"], deliveries(size)?, 2, requests)
                .await?;
        }
        let cpu = cpu.run().await?;
        let route = cpu.micros(0).median();
        let bytes = deliveries(size)?.size();
        let micros = route / (bytes as f64 / 1000.0);
        per_kilobyte.push(micros);
        rows.push([
            bytes.to_string(),
            cpu.micros(0).text(0),
            format!("{micros:.1}"),
            cpu.ratio(0, 1).text(2),
            cpu.ratio(0, 2).text(2),
            match per_kilobyte[..] {
                [_, middle, large] => goal(large / middle, 1.5, "at most 1.5 times as much per kB"),
                _ => String::new(),
            },
        ]);
    }
    print_table(
        [
            "bytes",
            "CPU, µs",
            "µs per kB",
            "ratio to one field",
            "ratio to `Value`",
            "goal",
        ],
        rows,
    );
    Ok(())
}

async fn print_logged() -> Result<()> {
    println!(
        "With a subscriber at INFO that formats and drops its log events (above there is none):\n"
    );
    let mut cpu = Rounds::default();
    for (name, arguments) in [(ROUTE, &["logged"][..]), (ROUTE, &[]), (FIELD, &["logged"])] {
        cpu.add(name, arguments, deliveries(SIZE)?, 16, REQUESTS)
            .await?;
    }
    let cpu = cpu.run().await?;
    print_table(
        ["CPU, µs", "ratio to no subscriber", "ratio to one field"],
        [[
            cpu.micros(0).text(1),
            cpu.ratio(0, 1).text(2),
            cpu.ratio(0, 2).text(2),
        ]],
    );
    Ok(())
}
