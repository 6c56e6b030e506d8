use std::collections::BTreeMap;

use kelviq_axum::StoreStatus;

use super::*;
use crate::{
    growth::Level,
    outages::{Down, Part},
};

const MIB: u64 = 1 << 20;

/// Returns the growth of a process while 4000 buyers came.
fn growth(bytes: u64) -> Growth {
    let level = |memory, buyers| Level {
        memory,
        descriptors: 100,
        buyers,
    };
    Growth {
        lifetime: Duration::from_mins(20),
        phase: Duration::from_mins(3),
        first: level(40 * MIB, 12_000),
        last: level(40 * MIB + bytes, 16_000),
    }
}

/// A run in which 100 of 125 buyers come, of whom 80 pay.
struct Run {
    counts: Counts,
    comparison: Comparison,
    confirmed: [Duration; 3],
    growth: Growth,
    descriptors: [u64; 2],
}

impl Run {
    fn good() -> Self {
        let counts = Counts::new();
        (0..100).for_each(|_| counts.buyers.add("came"));
        (0..80).for_each(|_| counts.buyers.add("saw the order"));
        for name in [
            "outages of Kelviq: 500",
            "stops of PostgreSQL",
            "kills of the storefront (SIGKILL)",
        ] {
            counts.disruptions.add(name);
        }
        counts.forged.add("unsigned: 400");
        counts.slow.add("got a response");
        Self {
            counts,
            comparison: Comparison {
                payments: 80,
                orders: 80,
                missing: Vec::new(),
                unpaid: Vec::new(),
                confused: Vec::new(),
                reviews: BTreeMap::new(),
                store: StoreStatus::default(),
                settled_after: Duration::ZERO,
            },
            confirmed: [1, 90, 200].map(Duration::from_secs),
            growth: growth(0),
            descriptors: [15, 30],
        }
    }

    #[track_caller]
    fn assert_failures(&self, expected: &[&str]) {
        let figures = Figures {
            planned: 125,
            counts: &self.counts,
            comparison: &self.comparison,
            confirmed: self.confirmed,
            growth: Some(&self.growth),
            descriptors: self.descriptors,
        };
        assert_eq!(figures.failures(), expected);
    }
}

#[test]
fn errors_during_outages_pass() {
    let run = Run::good();
    let Counts {
        errors, deliveries, ..
    } = &run.counts;
    let down = Down::only;
    errors.add_during(down(Part::Kelviq), "checkout form: message upstream");
    errors.add_during(down(Part::Storefront), "plans page: connection refused");
    deliveries.add_during(down(Part::Database), "500");
    deliveries.add("409");
    deliveries.add(GIVEN_UP);
    run.counts.forged.add("changed: 401");
    run.counts.log.add_during(
        down(Part::Database),
        "ERROR storefront::server::server_error: the orders could not be read",
    );
    run.assert_failures(&[]);
}

#[test]
fn a_run_without_its_load_is_a_failure() {
    let mut run = Run::good();
    run.counts = Counts::new();
    (0..99).for_each(|_| run.counts.buyers.add("came"));
    run.counts
        .forged
        .add_during(Down::only(Part::Storefront), "unsigned: connection refused");
    run.counts
        .slow
        .add_during(Down::only(Part::Storefront), "no connection");
    run.assert_failures(&[
        "99 of 125 buyers came; at least 80 % must come",
        "there were no outages of Kelviq",
        "there were no outages of PostgreSQL",
        "there were no restarts of the storefront",
        "there were no forged deliveries",
        "there were no slow clients",
        "no buyer saw an order",
    ]);
}

#[test]
fn too_few_payments_are_a_failure() {
    let mut run = Run::good();
    run.comparison.payments = 49;
    run.assert_failures(&["49 payments of 100 buyers; at least 50 % must pay"]);
    run.comparison.payments = 50;
    run.assert_failures(&[]);

    run.comparison.payments = 0;
    run.assert_failures(&["0 payments of 100 buyers; at least 50 % must pay"]);
}

#[test]
fn refused_deliveries_and_late_orders_are_failures() {
    let mut run = Run::good();
    (0..2).for_each(|_| run.counts.deliveries.add("401"));
    (0..2).for_each(|_| run.counts.deliveries.add(GIVEN_UP));
    run.counts.buyers.add("did not see the order");
    run.counts.buyers.add("gave up: thank-you page");
    run.confirmed = [11, 303, 304].map(Duration::from_secs);
    run.assert_failures(&[
        "2 deliveries failed with all their retries; this is allowed for 2 % of 80 payments",
        "half of the buyers saw the order within 11.0 s of the payment, more than 10 s",
        "99 % of the buyers saw the order within 303.0 s of the payment, more than 150 s",
        "what buyers did, unexpected: did not see the order: 1",
        "what buyers did, unexpected: gave up: thank-you page: 1",
        "responses to deliveries, with duplicates, unexpected: 401: 2",
    ]);
}

#[test]
fn unexpected_kinds_and_errors_without_an_outage_are_failures() {
    let run = Run::good();
    let counts = &run.counts;
    let kelviq = Down::only(Part::Kelviq);
    counts.failures.add("the storefront did not start: no");
    counts.errors.add_during(kelviq, "plans page: 503");
    counts
        .errors
        .add_during(kelviq, "thank-you page: connection refused");
    counts.errors.add("hosted page: connection refused");
    counts.deliveries.add("500");
    for status in ["200", "204", "500", "503"] {
        counts.forged.add(format!("changed: {status}"));
    }
    counts.slow.add("no connection");
    counts.log.add("ERROR shop: the orders could not be read");
    counts.log.add_during(kelviq, "WARN shop: something new");
    run.assert_failures(&[
        "the storefront did not start: no: 1",
        "errors that buyers saw, each retried, unexpected: hosted page: connection refused: 1",
        "errors that buyers saw, each retried, unexpected: plans page: 503: 1",
        "errors that buyers saw, each retried, unexpected: thank-you page: connection refused, without an outage: 1",
        "responses to deliveries, with duplicates, unexpected: 500, without an outage: 1",
        "responses to forged and stale deliveries, unexpected: changed: 200: 1",
        "responses to forged and stale deliveries, unexpected: changed: 204: 1",
        "responses to forged and stale deliveries, unexpected: changed: 500: 1",
        "responses to forged and stale deliveries, unexpected: changed: 503: 1",
        "slow clients, unexpected: no connection, without an outage: 1",
        "warnings and errors in the storefront's log, unexpected: ERROR shop: the orders could not be read, without an outage: 1",
        "warnings and errors in the storefront's log, unexpected: WARN shop: something new: 1",
    ]);
}

#[test]
fn orders_that_differ_from_the_payments_are_failures() {
    let mut run = Run::good();
    run.comparison.missing = vec!["cs_1".into(), "cs_2".into()];
    run.comparison.unpaid = vec!["cs_3".into()];
    run.comparison.confused = vec!["cs_4".into()];
    run.comparison.reviews.insert("paid twice".into(), 3);
    run.comparison.store.waiting = 4;
    run.comparison.store.dead = 5;
    run.assert_failures(&[
        "payments without an order: 2, such as cs_1, cs_2",
        "orders without a payment: 1, such as cs_3",
        "orders with another reference: 1, such as cs_4",
        "orders to review, paid twice: 3",
        "events that were not handled in time: 4",
        "events that were given up: 5",
    ]);
}

#[test]
fn leaks_are_failures() {
    let mut run = Run::good();
    run.growth = growth(16_000 << 10);
    // One for each 25 of 12,000 buyers.
    run.descriptors = [15, 15 + 480];
    run.assert_failures(&[
        "the memory grew by 16000 kB for 4000 buyers; at most 12096 kB are allowed",
        "495 file descriptors are open after the load, and 15 were before it; at most 20 more are allowed",
    ]);
}
