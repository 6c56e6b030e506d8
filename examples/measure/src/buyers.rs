//! The section about many buyers who wait at the same time.

use std::{collections::BTreeSet, fs, time::Duration};

use reqwest::StatusCode;
use tokio::time::sleep;

use crate::{
    Result,
    buyers_servers::CAPACITY,
    buyers_upstream::DELAY,
    buyers_wave::{BUYERS, Wave, click, counts},
    load::{self, Load},
    report::{met, print_table},
    server::Server,
};

/// Number of waves without a failure of the upstream.
const WAVES: usize = 10;

/// Number of waves after which the memory is compared with that after all of them.
const FIRST_WAVES: usize = 5;

/// Open files of the application: a connection for each buyer, one to the upstream for each, and a few others.
const OPEN_FILES: u64 = 2 * BUYERS as u64 + 200;

/// Maximum growth in bytes for each checkout of the last waves, above that of the hand-written handler. An entry of what is
/// remembered of a sale takes as much.
const FLAT: f64 = 160.0;

/// Prints the section.
pub(crate) async fn print() -> Result<()> {
    check_open_files()?;
    println!(
        "{BUYERS} buyers click at the same time, each a customer with a purchase and a connection of their own; the upstream \
         takes {} s for a session. Buyers, application and upstream are three processes, over http on loopback. Before the \
         first wave, each application has sold {CAPACITY} times, so that what it remembers of its sales has its full size. The \
         hand-written handler calls the same upstream with reqwest, and keeps the ids of the sessions in an `LruCache`. Neither \
         has a limit for the number of buyers who wait. The timeout for a session is 10 s in both. They run with \
         `MALLOC_ARENA_MAX=1`: otherwise, what each of glibc's arenas keeps of its own peak hides the rest.\n",
        DELAY.as_secs()
    );
    let mut memory = Vec::new();
    let mut failures = Vec::new();
    let by_hand = measure("buyers-by-hand", "hand-written: axum and reqwest", None).await?;
    let limit = Some(by_hand.growth + FLAT);
    for (name, title) in [
        ("buyers-route", "`routes` with a `Buyer`"),
        ("buyers-extractor", "a handler with `Checkout`"),
    ] {
        let rows = measure(name, title, limit).await?;
        memory.push(rows.memory);
        failures.push(rows.failures);
    }
    memory.push(by_hand.memory);
    failures.push(by_hand.failures);
    println!(
        "Resident memory, in MiB, without the buffers of the kernel. The allocator keeps what a wave has freed:\n"
    );
    print_table(
        [
            "application",
            "before",
            "waiting at once",
            "while they wait",
            "at most in wave 1",
            "bytes per waiting checkout",
            "after 1 wave",
            &format!("after {FIRST_WAVES} waves"),
            &format!("after {WAVES} waves"),
            "bytes per checkout in between",
            &format!("goal: at most {FLAT} more than by hand"),
            &format!("failures of {} buyers", WAVES * BUYERS),
            "goal: no failure",
        ],
        memory,
    );
    println!(
        "Then a wave for which the upstream fails: it closes the connection of 2 % of the buyers without a response, and answers \
         503 to 1 % each time and to 2 % the first time. Kelviq's client retries 503 at most twice, and never a request that \
         may have created a session; the hand-written handler retries nothing.\n"
    );
    print_table(
        [
            "application",
            "requests at the upstream",
            "of these, closed",
            "of these, 503",
            "buyers whose last request failed",
            "buyers who failed",
            "goal: the same buyers",
        ],
        failures,
    );
    Ok(())
}

/// The rows of an application in the two tables.
struct Rows {
    memory: [String; 13],
    failures: [String; 7],
    /// The growth in bytes for each checkout of the last waves.
    growth: f64,
}

/// `limit` is the goal for the growth in bytes for each checkout of the last waves.
async fn measure(name: &str, title: &str, limit: Option<f64>) -> Result<Rows> {
    let upstream = Server::start("buyers-upstream", &[]).await?;
    let app = Server::start_in_one_arena(name, &[&upstream.url("")]).await?;
    eprintln!("{name}: {CAPACITY} sales");
    let url = app.url("/pro");
    let fill = move |number| click(&url, "fill", number);
    Load::send(64, CAPACITY.get(), StatusCode::SEE_OTHER, fill).await?;
    let before = memory_at_rest(&app).await?;

    let client = load::client()?;
    client.post(upstream.url("/slow")).send().await?;
    let (mut waves, mut after, mut at_most) = (Vec::new(), Vec::new(), 0.0);
    for number in 1..=WAVES {
        eprintln!("{name}: wave {number} of {WAVES}");
        waves.push(Wave::send(&app, &upstream, &number.to_string()).await?);
        after.push(memory_at_rest(&app).await?);
        eprintln!(
            "{name}: {:.1} MiB after wave {number}",
            after[number - 1] / 1024.0
        );
        if number == 1 {
            at_most = app.memory("VmHWM")?;
        }
    }
    eprintln!("{name}: wave with failures of the upstream");
    client.post(upstream.url("/failing")).send().await?;
    let failing = Wave::send(&app, &upstream, "failing").await?;
    let counts = counts(&upstream).await?;
    app.stop().await?;
    upstream.stop().await?;

    let mib = |kilobytes: f64| format!("{:.1}", kilobytes / 1024.0);
    let first = &waves[0];
    let after = [1, FIRST_WAVES, WAVES].map(|waves| after[waves - 1]);
    let checkouts = ((WAVES - FIRST_WAVES) * BUYERS) as f64;
    let growth = (after[2] - after[1]) * 1024.0 / checkouts;
    let all_failures: Vec<_> = waves.iter().map(Wave::failures_by_kind).collect();
    let is_failed = waves.iter().any(|wave| !wave.failures.is_empty());
    let failed: BTreeSet<_> = failing.failures.keys().copied().collect();
    Ok(Rows {
        memory: [
            title.to_owned(),
            mib(before),
            first.waiting.to_string(),
            mib(first.resident),
            mib(at_most),
            format!(
                "{:.0}",
                (first.resident - before) * 1024.0 / first.waiting as f64
            ),
            mib(after[0]),
            mib(after[1]),
            mib(after[2]),
            format!("{growth:.0}"),
            limit.map_or("", |limit| met(growth <= limit)).to_owned(),
            if is_failed {
                all_failures.join("; ")
            } else {
                "none".to_owned()
            },
            met(!is_failed).to_owned(),
        ],
        failures: [
            title.to_owned(),
            counts.requests.to_string(),
            counts.closed.to_string(),
            counts.unavailable.to_string(),
            counts.failed.len().to_string(),
            failing.failures_by_kind(),
            met(failed == counts.failed).to_owned(),
        ],
        growth,
    })
}

/// Returns the resident memory in kB, after the connections of the buyers were closed.
async fn memory_at_rest(app: &Server) -> Result<f64> {
    sleep(Duration::from_secs(2)).await;
    app.memory("VmRSS")
}

/// Checks the limit of open files, which the servers inherit.
fn check_open_files() -> Result<()> {
    let limits = fs::read_to_string("/proc/self/limits")?;
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .ok_or("the process has no limit of open files")?;
    let limit = line.split_whitespace().next().unwrap_or_default();
    if limit != "unlimited" && limit.parse::<u64>()? < OPEN_FILES {
        return Err(format!(
            "a process can open {limit} files, but {BUYERS} buyers need {OPEN_FILES}; run `ulimit -n {OPEN_FILES}` in this shell \
             first, and raise the hard limit if that is lower"
        )
        .into());
    }
    Ok(())
}
