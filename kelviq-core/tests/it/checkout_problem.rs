//! Problems that are shown to a buyer.

use kelviq_core::CheckoutProblem;

#[test]
fn a_missing_reference_has_its_own_code_status_and_message() {
    let problem = CheckoutProblem::MissingReference;
    assert_eq!(CheckoutProblem::from_code("no_reference"), Some(problem));
    assert_eq!((problem.code(), problem.status()), ("no_reference", 400));
    let message = "This address belongs to no order. If you have just paid, your order is safe.";
    assert_eq!(problem.message(), message);
    assert_eq!(problem.portal_message(), message);
}
