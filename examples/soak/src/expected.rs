//! The responses, errors and log lines that are expected. Each other one is a failure.

use crate::outages::{
    Down,
    Part::{self, Database, Kelviq, Storefront},
};

/// The name of the counter of deliveries that were not accepted, with all their retries.
pub(crate) const GIVEN_UP: &str = "given up after the retries";

/// Expects what contains this text. The first rule that matches applies.
pub(crate) struct Rule {
    pub(crate) text: &'static str,
    /// It is expected during an outage of one of these parts, or at any time if there are none.
    during: &'static [Part],
}

impl Rule {
    pub(crate) fn is_expected(&self, down: Down) -> bool {
        self.during.is_empty() || self.during.iter().any(|part| down.contains(*part))
    }
}

const fn always(text: &'static str) -> Rule {
    Rule { text, during: &[] }
}

const fn during(during: &'static [Part], text: &'static str) -> Rule {
    Rule { text, during }
}

/// What buyers do. They try again for 45 s, longer than each outage, so that no buyer has to give up.
pub(crate) const BUYERS: &[Rule] = &[
    always("came"),
    always("were sent to the hosted page"),
    always("were refused: they have the plan already"),
    always("abandoned the hosted page"),
    always("paid in two tabs"),
    always("found the session already paid"),
    always("did not come back after paying"),
    always("looks at a page that waits for the order"),
    always("saw the order"),
];

/// The errors that buyers see. The hosted page is the fake's, which has no outages of its pages.
pub(crate) const ERRORS: &[Rule] = &[
    during(&[Storefront], "plans page: connection"),
    during(&[Storefront], "plans page: response cut off"),
    during(&[Storefront], "checkout form: connection"),
    during(&[Storefront], "checkout form: response cut off"),
    during(&[Storefront], "page after cancelling: connection"),
    during(&[Storefront], "page after cancelling: response cut off"),
    during(&[Storefront], "thank-you page: connection"),
    during(&[Storefront], "thank-you page: response cut off"),
    // The page with the plans, with a message that asks the buyer to try again.
    during(&[Kelviq], "checkout form: message upstream"),
    during(&[Kelviq], "checkout form: message timeout"),
    during(&[Kelviq], "checkout form: message busy"),
];

/// The responses to genuine deliveries.
pub(crate) const DELIVERIES: &[Rule] = &[
    always("200"),
    // The same event is being handled, or its claim has not expired after a restart.
    always("409"),
    // The event could not be stored.
    during(&[Database], "500"),
    during(&[Database], "503"),
    during(&[Storefront], "connection"),
    during(&[Storefront], "response cut off"),
    // Their number is limited.
    always(GIVEN_UP),
];

/// The responses to forged and stale deliveries. They are refused before the database is needed.
pub(crate) const FORGED: &[Rule] = &[
    always("unsigned: 400"),
    always("another secret: 401"),
    always("changed: 401"),
    always("an hour old: 401"),
    always("from the future: 401"),
    during(&[Storefront], ": connection"),
    during(&[Storefront], ": response cut off"),
];

/// What happens to slow clients. They get a response to a complete request, or when their time is over.
pub(crate) const SLOW: &[Rule] = &[
    always("got a response"),
    always("closed by the storefront"),
    always("went away"),
    during(&[Storefront], "no connection"),
];

/// The warnings and errors in the storefront's log, without their targets.
pub(crate) const LOG: &[Rule] = &[
    // Forged and stale deliveries, and slow clients. The responses to genuine deliveries are checked.
    always(": webhook delivery rejected"),
    // Orders of deliveries that failed in an outage. The time from the payment to the order is limited.
    always(": no order for a buyer who returned from the checkout"),
    always(": webhooks fetched that were not delivered"),
    // The load, on a slow machine.
    always(": acquired connection, but time to acquire exceeded slow threshold"),
    always(": slow statement: execution time exceeded alert threshold"),
    during(&[Database], "WARN sqlx"),
    during(&[Database], ": the orders could not be read"),
    during(&[Database], ": looking up the order failed"),
    during(&[Database], ": selling without the account"),
    during(&[Database], ": the session was not stored"),
    during(&[Database], " could not be read from the store"),
    during(&[Database], ": the order could not be stored"),
    during(&[Database], ": webhook handler failed"),
    during(&[Database], ": webhook not handled"),
    during(&[Database], ": the event could not be stored"),
    during(&[Database], ": the failure could not be stored"),
    during(&[Database], ": the inbox could not claim the event"),
    during(&[Database], ": the claim "),
    during(&[Database], ": the event was handled but "),
    during(&[Database], ": the store could not be asked "),
    during(&[Database], ": the store does not notify success pages"),
    during(&[Database], ": due webhooks could not be read"),
    during(&[Database], ": old webhooks could not be purged"),
    during(&[Database, Kelviq], ": webhooks could not be reconciled"),
    during(&[Database, Kelviq], ": a session could not be looked up"),
    during(&[Kelviq], ": the checkout could not be started"),
    during(&[Kelviq], ": the portal could not be opened"),
    // The subscriptions or the profile of the customer were not available.
    during(&[Kelviq], "; no checkout session was created"),
    during(&[Kelviq], " the state of a checkout session"),
];
