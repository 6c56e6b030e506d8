//! The verdict: everything that must not happen.

use std::time::Duration;

use crate::{check::Comparison, counts::Counts, expected::GIVEN_UP, growth::Growth};

/// Of the buyers who are planned, at least this part must come. A test that is too slow puts less load on the storefront.
const MIN_CAME_PERCENT: u64 = 80;

/// Of the buyers who come, at least this part must pay. About 12 % abandon the hosted page, and as many pay twice.
const MIN_PAID_PERCENT: u64 = 50;

/// For at most this part of the payments, the delivery can fail with all its retries.
const MAX_GIVEN_UP_PERCENT: u64 = 2;

/// Maximum time from the payment to the page with the order, for half of the buyers. Most deliveries are made at once.
const MAX_HALF: Duration = Duration::from_secs(10);

/// The same for 99 % of the buyers: a late delivery (30 s) of which two attempts fail in outages (60 s each).
const MAX_99_PERCENT: Duration = Duration::from_secs(150);

/// Maximum number of file descriptors after the load, above the number before the load. The storefront keeps up to 10
/// connections to the database.
pub(crate) const MAX_LEFT_DESCRIPTORS: u64 = 20;

/// The figures that the verdict depends on.
pub(crate) struct Figures<'a> {
    /// The number of buyers who should come.
    pub(crate) planned: u64,
    pub(crate) counts: &'a Counts,
    pub(crate) comparison: &'a Comparison,
    /// The times from a payment to the page with the order, which 50, 99 and 100 % of the buyers did not exceed.
    pub(crate) confirmed: [Duration; 3],
    /// The growth of the process that ran longest under load.
    pub(crate) growth: Option<&'a Growth>,
    /// The numbers of file descriptors before and after the load.
    pub(crate) descriptors: [u64; 2],
}

impl Figures<'_> {
    /// Returns what must not happen, a line each.
    pub(crate) fn failures(&self) -> Vec<String> {
        let mut failures: Vec<_> = self.counts.failures.all().iter().map(line).collect();
        self.check_load(&mut failures);
        self.check_sales(&mut failures);
        self.check_orders(&mut failures);
        for (name, observations) in self.counts.observations() {
            for (observed, count) in observations.unexpected() {
                failures.push(format!("{name}, unexpected: {observed}: {count}"));
            }
        }
        self.check_process(&mut failures);
        failures
    }

    /// Checks that buyers came, and that there was everything else that the storefront must withstand.
    fn check_load(&self, failures: &mut Vec<String>) {
        let came = self.counts.buyers.get("came");
        if came * 100 < self.planned * MIN_CAME_PERCENT {
            failures.push(format!(
                "{came} of {} buyers came; at least {MIN_CAME_PERCENT} % must come",
                self.planned
            ));
        }
        let any = |counts: &[(String, u64)], texts: &[&str]| {
            let is_one = |name: &str| texts.iter().any(|text| name.contains(text));
            counts.iter().any(|(name, _)| is_one(name))
        };
        let disruptions = self.counts.disruptions.all();
        for (name, happened) in [
            ("outages of Kelviq", any(&disruptions, &["Kelviq"])),
            ("outages of PostgreSQL", any(&disruptions, &["PostgreSQL"])),
            (
                "restarts of the storefront",
                any(&disruptions, &["storefront"]),
            ),
            (
                "forged deliveries",
                any(&self.counts.forged.all(), &[": 400", ": 401"]),
            ),
            (
                "slow clients",
                any(&self.counts.slow.all(), &["response", "closed"]),
            ),
        ] {
            if !happened {
                failures.push(format!("there were no {name}"));
            }
        }
    }

    /// Checks that buyers pay, and see their orders in time.
    fn check_sales(&self, failures: &mut Vec<String>) {
        let came = self.counts.buyers.get("came");
        let payments = self.comparison.payments as u64;
        if payments == 0 || payments * 100 < came * MIN_PAID_PERCENT {
            failures.push(format!(
                "{payments} payments of {came} buyers; at least {MIN_PAID_PERCENT} % must pay"
            ));
        }
        let given_up = self.counts.deliveries.get(GIVEN_UP);
        if given_up * 100 > payments * MAX_GIVEN_UP_PERCENT {
            failures.push(format!(
                "{given_up} deliveries failed with all their retries; this is allowed for {MAX_GIVEN_UP_PERCENT} % of {payments} payments"
            ));
        }
        if self.counts.buyers.get("saw the order") == 0 {
            failures.push("no buyer saw an order".into());
        }
        let [half, most, _] = self.confirmed.map(|time| time.as_secs_f64());
        for (part, time, limit) in [("half", half, MAX_HALF), ("99 %", most, MAX_99_PERCENT)] {
            let limit = limit.as_secs_f64();
            if time > limit {
                failures.push(format!(
                    "{part} of the buyers saw the order within {time:.1} s of the payment, more than {limit:.0} s"
                ));
            }
        }
    }

    /// Checks orders against payments.
    fn check_orders(&self, failures: &mut Vec<String>) {
        let comparison = self.comparison;
        for (name, ids) in [
            ("payments without an order", &comparison.missing),
            ("orders without a payment", &comparison.unpaid),
            ("orders with another reference", &comparison.confused),
        ] {
            if !ids.is_empty() {
                let some: Vec<_> = ids.iter().take(5).map(String::as_str).collect();
                let (some, count) = (some.join(", "), ids.len());
                failures.push(format!("{name}: {count}, such as {some}"));
            }
        }
        for (reason, count) in &comparison.reviews {
            failures.push(format!("orders to review, {reason}: {count}"));
        }
        for (name, count) in [
            (
                "events that were not handled in time",
                comparison.store.waiting,
            ),
            ("events that were given up", comparison.store.dead),
        ] {
            if count > 0 {
                failures.push(format!("{name}: {count}"));
            }
        }
    }

    /// Checks that memory and file descriptors do not grow.
    fn check_process(&self, failures: &mut Vec<String>) {
        match self.growth {
            None => failures.push("the storefront did not run under load".into()),
            Some(growth) if growth.memory() > growth.limit() => failures.push(format!(
                "the memory grew by {} kB for {} buyers; at most {} kB are allowed",
                growth.memory() >> 10,
                growth.buyers(),
                growth.limit() >> 10,
            )),
            Some(_) => {}
        }
        let [before, after] = self.descriptors;
        if after > before + MAX_LEFT_DESCRIPTORS {
            failures.push(format!(
                "{after} file descriptors are open after the load, and {before} were before it; at most {MAX_LEFT_DESCRIPTORS} more are allowed"
            ));
        }
    }
}

fn line((name, count): &(String, u64)) -> String {
    format!("{name}: {count}")
}

#[cfg(test)]
mod tests;
