//! What a checkout sells.

/// What a checkout sells, as the log names it and as it tells purchases apart.
#[derive(Debug, Hash)]
pub(crate) enum Item {
    /// An offer, by its name.
    Offer(String),
    /// A plan of a handler.
    Plan {
        /// The plan's identifier at Kelviq.
        identifier: String,
        /// The path of the request, because two handlers can sell the same plan for different things.
        path: String,
    },
}

impl Item {
    pub(super) fn offer(&self) -> Option<&str> {
        match self {
            Self::Offer(name) => Some(name),
            Self::Plan { .. } => None,
        }
    }

    pub(super) fn plan(&self) -> Option<&str> {
        match self {
            Self::Offer(_) => None,
            Self::Plan { identifier, .. } => Some(identifier),
        }
    }
}
