//! Servers that get their loads in turn: CPU time, throughput and latency.

use crate::{
    Result,
    load::Load,
    report::{Band, print_table},
    requests::Requests,
    server::Server,
};

/// Number of rounds, in each of which every server gets the same load.
const ROUNDS: usize = 7;

/// Servers that get their loads in turn.
#[derive(Debug)]
pub(crate) struct Rounds<R>(Vec<Candidate<R>>);

#[derive(Debug)]
struct Candidate<R> {
    server: Server,
    sent: R,
    connections: usize,
    requests: usize,
}

impl<R> Default for Rounds<R> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<R: Requests> Rounds<R> {
    /// Starts a server and sends it a first load, which is not measured.
    pub(crate) async fn add(
        &mut self,
        name: &str,
        arguments: &[&str],
        sent: R,
        connections: usize,
        requests: usize,
    ) -> Result<()> {
        let server = Server::start(name, arguments).await?;
        load(&server, &sent, connections, requests / 4).await?;
        self.0.push(Candidate {
            server,
            sent,
            connections,
            requests,
        });
        Ok(())
    }

    /// Measures the CPU time of each server in alternating rounds, and stops the servers.
    pub(crate) async fn run(self) -> Result<Cpu> {
        let mut cpu = Cpu(vec![Vec::new(); self.0.len()]);
        for round in 1..=ROUNDS {
            eprintln!("round {round} of {ROUNDS}");
            for (candidate, micros) in self.0.iter().zip(&mut cpu.0) {
                let before = candidate.server.cpu()?;
                let sent = candidate.sent.renewed();
                load(
                    &candidate.server,
                    &sent,
                    candidate.connections,
                    candidate.requests,
                )
                .await?;
                let elapsed = candidate.server.cpu()?.saturating_sub(before);
                micros.push(elapsed.as_secs_f64() * 1e6 / candidate.requests as f64);
            }
        }
        for candidate in self.0 {
            candidate.server.stop().await?;
        }
        Ok(cpu)
    }
}

/// The CPU time per request of each server, in microseconds, by round.
#[derive(Debug)]
pub(crate) struct Cpu(Vec<Vec<f64>>);

impl Cpu {
    pub(crate) fn micros(&self, row: usize) -> Band {
        Band::new(self.0[row].clone())
    }

    /// Returns the ratio of two servers in each round.
    pub(crate) fn ratio(&self, row: usize, base: usize) -> Band {
        ratios(&self.0[row], &self.0[base])
    }
}

/// Sends requests to a server.
pub(crate) async fn load(
    server: &Server,
    sent: &impl Requests,
    connections: usize,
    requests: usize,
) -> Result<Load> {
    let (url, sent) = (server.url(""), sent.clone());
    let expected = sent.expected();
    let request = move |number| sent.request(&url, number);
    Load::send(connections, requests, expected, request).await
}

/// Prints throughput and latency of pairs of servers at 1, 16 and 256 connections. Servers are given by name and title.
pub(crate) async fn print_throughput(
    pairs: &[[(&str, &str); 2]],
    arguments: &[&str],
    sent: &impl Requests,
    requests: usize,
) -> Result<()> {
    println!(
        "Throughput and latency by number of connections. The sender and the servers share the cores:\n"
    );
    let mut rows = Vec::new();
    for connections in [1, 16, 256] {
        for pair in pairs {
            let mut servers = Vec::new();
            for (name, _) in pair {
                let server = Server::start(name, arguments).await?;
                load(&server, &sent.renewed(), connections, requests / 4).await?;
                servers.push(server);
            }
            let (mut rates, mut p99) = ([vec![], vec![]], [vec![], vec![]]);
            for _ in 0..ROUNDS {
                for (index, server) in servers.iter().enumerate() {
                    let load = load(server, &sent.renewed(), connections, requests).await?;
                    rates[index].push(load.per_second());
                    p99[index].push(load.p99().as_secs_f64() * 1e3);
                }
            }
            for server in servers {
                server.stop().await?;
            }
            for (index, (_, title)) in pair.iter().enumerate() {
                rows.push([
                    connections.to_string(),
                    (*title).to_owned(),
                    Band::new(rates[index].clone()).text(0),
                    ratios(&rates[index], &rates[1]).text(2),
                    Band::new(p99[index].clone()).text(2),
                ]);
            }
        }
    }
    print_table(
        [
            "connections",
            "server",
            "requests per second",
            "ratio",
            "p99, ms",
        ],
        rows,
    );
    Ok(())
}

/// Returns the ratio of two servers in each round.
fn ratios(values: &[f64], base: &[f64]) -> Band {
    let rounds = values.iter().zip(base);
    Band::new(rounds.map(|(value, base)| value / base).collect())
}
