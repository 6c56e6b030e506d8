//! The plans whose subscribers are refused.

/// The plans whose subscribers are refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum RefusedPlans {
    None,
    /// The plan that is sold.
    Own,
    /// The plans with these identifiers.
    These(Vec<String>),
}

impl RefusedPlans {
    pub(crate) fn these<I: Into<String>>(plans: impl IntoIterator<Item = I>) -> Self {
        Self::These(plans.into_iter().map(Into::into).collect())
    }

    /// Returns `true` if no customer is refused.
    pub(crate) fn is_none(&self) -> bool {
        *self == Self::None
    }

    /// Returns `true` if subscribers of `plan` are refused. `sold` is the plan that is sold.
    pub(crate) fn contains(&self, plan: &str, sold: &str) -> bool {
        match self {
            Self::None => false,
            Self::Own => plan == sold,
            Self::These(plans) => plans.iter().any(|refused| refused == plan),
        }
    }

    /// Returns what is wrong with the list, if anything.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let is_invalid = |plan: &String| plan.is_empty() || plan.trim() != plan;
        match self {
            Self::These(plans) if plans.is_empty() || plans.iter().any(is_invalid) => Some(
                "refuse_subscribers_of needs at least one plan, and no identifier that is empty or has surrounding white space",
            ),
            _ => None,
        }
    }
}
