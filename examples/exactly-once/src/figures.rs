//! The figures of a scenario, and whether its promises were kept.

use std::{collections::BTreeSet, fmt, time::Duration};

use crate::{effect::Handler, scenario::Scenario, sender::Responses};

/// The figures of a scenario. `Display` writes them as a table.
pub(crate) struct Figures {
    pub(crate) scenario: Scenario,
    /// Deliveries to each handler, and different events.
    pub(crate) size: (usize, usize),
    /// Planned and completed disruptions.
    pub(crate) disruptions: (u32, u32),
    /// Time until the last delivery ended.
    pub(crate) delivered: Duration,
    /// Time until no event was waiting.
    pub(crate) handled: Duration,
    pub(crate) handlers: Vec<HandlerFigures>,
}

/// The figures of a handler.
#[derive(Default)]
pub(crate) struct HandlerFigures {
    pub(crate) handler: Option<Handler>,
    pub(crate) responses: Responses,
    /// Checkouts, and events of other types.
    pub(crate) expected: usize,
    pub(crate) effects: usize,
    /// Checkouts and events that took effect more than once.
    pub(crate) repeated: usize,
    /// Effects that no event has, or with the metadata of another one.
    pub(crate) wrong: usize,
    /// Checkouts and events that were stored or answered with 2xx, but had no effect.
    pub(crate) lost: usize,
    /// Checkouts and events of which no delivery reached the store, as all attempts were refused.
    pub(crate) never_received: usize,
    /// Events that the application has given up, with the reason.
    pub(crate) dead: Vec<String>,
}

impl Figures {
    pub(crate) fn is_kept(&self) -> bool {
        self.broken_promises().is_empty()
    }

    fn broken_promises(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let (planned, completed) = self.disruptions;
        if completed != planned {
            broken.push(format!(
                "{}: {completed} of {planned}",
                self.scenario.disruption()
            ));
        }
        for figures in &self.handlers {
            let Some(handler) = figures.handler else {
                continue;
            };
            let mut check = |number: u64, what: &str| {
                if number > 0 {
                    broken.push(format!("{handler}: {number} {what}"));
                }
            };
            let responses = &figures.responses;
            check(figures.lost as u64, "lost");
            check(figures.wrong as u64, "with the wrong effect");
            check(
                responses.away_successes,
                "answered with 2xx while the database was away",
            );
            check(responses.unexpected(), "unexpected responses");
            if handler == Handler::InTransaction {
                check(figures.repeated as u64, "more than once");
            }
            let dead = figures.dead.iter();
            broken
                .extend(dead.map(|dead| format!("{handler}: given up by the application: {dead}")));
            if self.scenario.is_outage() && completed > 0 && responses.away == 0 {
                broken.push(format!(
                    "{handler}: no delivery while the database was away"
                ));
            }
        }
        broken
    }
}

impl Responses {
    /// Returns the number of responses other than those which the route documents for valid deliveries.
    fn unexpected(&self) -> u64 {
        let others = self
            .by_status
            .iter()
            .filter(|(status, _)| !matches!(status, 200 | 409 | 500));
        others.map(|(_, number)| number).sum()
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.scenario)?;
        let mut row = |name: &str, value: &dyn Fn(&HandlerFigures) -> String| {
            write!(f, "  {name:<40}")?;
            for figures in &self.handlers {
                write!(f, "{:>16}", value(figures))?;
            }
            writeln!(f)
        };
        let (deliveries, events) = self.size;
        row("", &|figures| {
            figures
                .handler
                .map_or_else(String::new, |handler| handler.to_string())
        })?;
        row("deliveries", &|_| deliveries.to_string())?;
        row("events", &|_| events.to_string())?;
        let statuses: BTreeSet<u16> = self
            .handlers
            .iter()
            .flat_map(|figures| figures.responses.by_status.keys().copied())
            .collect();
        for status in statuses {
            row(&format!("responses with {status}"), &|figures| {
                figures
                    .responses
                    .by_status
                    .get(&status)
                    .copied()
                    .unwrap_or_default()
                    .to_string()
            })?;
        }
        row("requests without a response", &|figures| {
            figures.responses.none.to_string()
        })?;
        if self.scenario.is_outage() {
            row("requests while the database was away", &|figures| {
                figures.responses.away.to_string()
            })?;
            row("  of them, successful", &|figures| {
                figures.responses.away_successes.to_string()
            })?;
        }
        row("deliveries given up after three retries", &|figures| {
            figures.responses.given_up.to_string()
        })?;
        row("effects expected", &|figures| figures.expected.to_string())?;
        row("effects", &|figures| figures.effects.to_string())?;
        row("more than once", &|figures| figures.repeated.to_string())?;
        row("wrong", &|figures| figures.wrong.to_string())?;
        row("lost", &|figures| figures.lost.to_string())?;
        row("never received", &|figures| {
            figures.never_received.to_string()
        })?;
        let (_, disruptions) = self.disruptions;
        writeln!(f, "  {:<40}{disruptions:>16}", self.scenario.disruption())?;
        writeln!(
            f,
            "  {:<40}{:>16}",
            "seconds until all was delivered",
            self.delivered.as_secs()
        )?;
        writeln!(
            f,
            "  {:<40}{:>16}",
            "seconds until nothing waited",
            self.handled.as_secs()
        )?;
        let broken = self.broken_promises();
        if broken.is_empty() {
            return f.write_str("  all promises kept\n");
        }
        for promise in broken {
            writeln!(f, "  BROKEN: {promise}")?;
        }
        Ok(())
    }
}
