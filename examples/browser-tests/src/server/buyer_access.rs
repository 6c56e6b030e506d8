//! The setting for who may buy.

/// Who may buy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuyerAccess {
    /// Everybody, as the same customer.
    Anyone,
    /// Only buyers who have signed in.
    SignedIn,
}
