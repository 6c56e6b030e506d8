//! Instructions per request, counted by valgrind. Unlike times, they do not depend on the load of the machine.

use std::{env, fs, path::Path, process::Command};

use crate::{Result, requests::Requests, rounds::load, server::Server};

/// Numbers of requests. The difference of the counts contains neither the start nor the end of a server.
const REQUESTS: [usize; 2] = [200, 600];

/// The user instructions of a server per request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instructions {
    /// Without the hash: valgrind has no SHA instructions, so it would count the slow implementation.
    pub(crate) without_hash: u64,
    pub(crate) hash: u64,
}

/// Counts the instructions of the server with this name per request. The requests are sent over one connection.
pub(crate) async fn count(
    name: &str,
    arguments: &[&str],
    sent: &impl Requests,
) -> Result<Instructions> {
    eprintln!(
        "counting the instructions of {name} {}",
        arguments.join(" ")
    );
    let mut counts = [Counts::default(); 2];
    for (count, requests) in counts.iter_mut().zip(REQUESTS) {
        let file = env::temp_dir().join(format!("measure-{}-{name}", std::process::id()));
        let server = Server::start_counted(name, arguments, &file).await?;
        load(&server, &sent.renewed(), 1, requests).await?;
        server.stop().await?;
        *count = Counts::read(&file)?;
        fs::remove_file(file)?;
    }
    let requests = (REQUESTS[1] - REQUESTS[0]) as u64;
    let per_request = |of: fn(&Counts) -> u64| (of(&counts[1]) - of(&counts[0])) / requests;
    let hash = per_request(|counts| counts.hash);
    Ok(Instructions {
        without_hash: per_request(|counts| counts.all) - hash,
        hash,
    })
}

/// Counts the instructions of the operation with this name. The difference of two counts does not contain the start of the
/// process.
pub(crate) fn count_operation(name: &str, times: usize) -> Result<u64> {
    eprintln!("counting the instructions of {name}");
    let mut counts = [0; 2];
    for (count, times) in counts.iter_mut().zip([times, 3 * times]) {
        let file = env::temp_dir().join(format!("measure-{}-{name}", std::process::id()));
        let mut command = Command::new("valgrind");
        command
            .args(["-q", "--tool=callgrind"])
            .arg(format!("--callgrind-out-file={}", file.display()))
            .arg(env::current_exe()?)
            .args(["repeat", name, &times.to_string()]);
        let status = command
            .status()
            .map_err(|error| format!("cannot start valgrind: {error}"))?;
        if !status.success() {
            return Err(format!("valgrind ended with {status}").into());
        }
        *count = Counts::read(&file)?.all;
        fs::remove_file(file)?;
    }
    Ok((counts[1] - counts[0]) / (2 * times as u64))
}

/// The counts of a process.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    all: u64,
    hash: u64,
}

impl Counts {
    /// Reads the file of callgrind. A function starts with `fn=(number) name`, where the name is omitted after the first time.
    /// A line with a position and a cost belongs to the function, unless it follows `calls=`.
    fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file)
            .map_err(|error| format!("valgrind wrote no counts: {error}"))?;
        let mut counts = Self::default();
        let mut hash_functions = Vec::new();
        let (mut is_hash, mut is_call) = (false, false);
        for line in text.lines() {
            if let Some(function) = line.strip_prefix("fn=") {
                let (number, name) = function.split_once(')').unwrap_or((function, ""));
                if name.contains("sha2::") {
                    hash_functions.push(number.to_owned());
                }
                is_hash = hash_functions.iter().any(|known| known == number);
            } else if let Some((position, cost)) = line.split_once(' ')
                && position
                    .starts_with(|first: char| "+-*".contains(first) || first.is_ascii_digit())
            {
                let cost = if std::mem::take(&mut is_call) {
                    0
                } else {
                    cost.parse()?
                };
                counts.all += cost;
                counts.hash += if is_hash { cost } else { 0 };
            } else if line.starts_with("calls=") {
                is_call = true;
            } else if line.starts_with("cfn=(") && line.contains("sha2::") {
                let (number, _) = line["cfn=".len()..].split_once(')').unwrap_or_default();
                hash_functions.push(number.to_owned());
            }
        }
        Ok(counts)
    }
}
