//! Registration of the tests for each mode.

use super::{
    accessibility, attributes, back, before_hydration, busy, errors_in_urls, forms, keyboard,
    mode::Mode, mode_suite::ModeSuite, purchase, rejections, sign_in, slow_connection, status,
};
use crate::support::suite::Suite;

pub(crate) fn tests(suite: &mut Suite) {
    for mode in Mode::selected() {
        let mut tests = ModeSuite { suite, mode };
        purchase::tests(&mut tests);
        status::tests(&mut tests);
        rejections::tests(&mut tests);
        busy::tests(&mut tests);
        keyboard::tests(&mut tests);
        back::tests(&mut tests);
        forms::tests(&mut tests);
        sign_in::tests(&mut tests);
        attributes::tests(&mut tests);
        slow_connection::tests(&mut tests);
        accessibility::tests(&mut tests);
        // Both need HTML of the server.
        if mode != Mode::ClientOnly {
            before_hydration::tests(&mut tests);
            errors_in_urls::tests(&mut tests);
        }
    }
}
