//! CPU time of servers that get deliveries in alternating rounds.

use crate::{Result, load::Load, report::Band, server::Server, webhook_delivery::Deliveries};

/// Number of rounds, in each of which every server gets the same load.
const ROUNDS: usize = 7;

/// Servers that get their loads in turn.
#[derive(Debug, Default)]
pub(crate) struct Rounds(Vec<Candidate>);

#[derive(Debug)]
struct Candidate {
    server: Server,
    deliveries: Deliveries,
    connections: usize,
    requests: usize,
}

impl Rounds {
    /// Starts a server and sends it a first load, which is not measured.
    pub(crate) async fn add(
        &mut self,
        name: &str,
        arguments: &[&str],
        deliveries: Deliveries,
        connections: usize,
        requests: usize,
    ) -> Result<()> {
        let server = Server::start(name, arguments).await?;
        load(&server, &deliveries, connections, requests / 4).await?;
        self.0.push(Candidate {
            server,
            deliveries,
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
                let deliveries = candidate.deliveries.renewed();
                load(
                    &candidate.server,
                    &deliveries,
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
        let rounds = self.0[row].iter().zip(&self.0[base]);
        Band::new(rounds.map(|(time, base)| time / base).collect())
    }
}

/// Sends deliveries to a server.
pub(crate) async fn load(
    server: &Server,
    deliveries: &Deliveries,
    connections: usize,
    requests: usize,
) -> Result<Load> {
    let (url, deliveries) = (server.url(""), deliveries.clone());
    let expected = deliveries.expected();
    let request = move |number| deliveries.request(&url, number);
    Load::send(connections, requests, expected, request).await
}
