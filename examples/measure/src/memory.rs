//! The section about memory that grows with events and references.

use std::env;

use tokio::process::Command;

use crate::{
    Result,
    report::{met, print_table},
    server::Server,
};

/// Number of requests to each program.
const REQUESTS: usize = 2_000_000;

/// Prints the section.
pub(crate) async fn print() -> Result<()> {
    println!(
        "Resident memory of a process that gets completed checkouts, each of which has two entries in its inbox, and of one \
         that creates checkout sessions and keeps their ids by reference. Beside them, hand-written handlers with an \
         `LruCache` of texts, which also keep 100,000 entries.\n"
    );
    let upstream = Server::start("buyers-upstream", &[]).await?;
    let mut rows = Vec::new();
    for (name, title) in [
        ("events", "`webhook` with `MemoryInbox`"),
        ("events-by-hand", "hand-written: `LruCache<String, ()>`"),
        ("references", "`routes` with a `Shop`"),
        (
            "references-by-hand",
            "hand-written: `LruCache<String, String>`",
        ),
    ] {
        eprintln!("filling {name} with {REQUESTS} requests");
        let output = Command::new(env::current_exe()?)
            .args(["fill", name, &REQUESTS.to_string(), &upstream.url("")])
            .output()
            .await?;
        let text = String::from_utf8(output.stdout)?;
        let kilobytes: Vec<f64> = text.lines().map(str::parse).collect::<Result<_, _>>()?;
        let [before, half, all] = kilobytes[..] else {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        };
        let mib = |kilobytes: f64| format!("{:.1}", kilobytes / 1024.0);
        let is_bounded = all - half <= 2048.0;
        rows.push([
            title.to_owned(),
            REQUESTS.to_string(),
            mib(before),
            mib(half),
            mib(all),
            mib(all - before),
            format!("bounded: {}", met(is_bounded)),
        ]);
    }
    upstream.stop().await?;
    print_table(
        [
            "program",
            "requests",
            "before, MiB",
            "after half",
            "after all",
            "growth",
            "goal",
        ],
        rows,
    );
    println!(
        "The hand-written programs keep ids as texts. `MemoryInbox` keeps a hash of each id instead, and in addition the state of \
         its claim: a token, so that only its owner can renew, complete or release it, and the end of its lease, after which \
         another delivery can claim it. `Shop` keeps the reference as 16 bytes and the session id as text.\n"
    );
    Ok(())
}
