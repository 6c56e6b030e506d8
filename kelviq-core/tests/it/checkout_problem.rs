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

#[test]
fn a_second_subscription_and_a_missing_feature_have_their_own_codes_statuses_and_messages() {
    for (problem, code, status, message) in [
        (
            CheckoutProblem::AlreadySubscribed,
            "already_subscribed",
            409,
            "You already have a subscription. You have not been charged.",
        ),
        (
            CheckoutProblem::FeatureNotIncluded,
            "feature_not_included",
            403,
            "Your plan does not include this.",
        ),
    ] {
        assert_eq!(CheckoutProblem::from_code(code), Some(problem));
        assert_eq!((problem.code(), problem.status()), (code, status));
        assert_eq!(problem.message(), message);
        assert_eq!(problem.portal_message(), message);
    }
}
