//! The status of a checkout session.

use crate::open_enum::open_enum;

open_enum! {
    /// The status of a checkout session.
    ///
    /// ```
    /// use kelviq_core::SessionStatus;
    ///
    /// fn may_still_be_paid(status: &SessionStatus) -> bool {
    ///     // A status that Kelviq adds does not rule out a payment.
    ///     !matches!(status, SessionStatus::Success | SessionStatus::Closed | SessionStatus::Expired)
    /// }
    /// ```
    pub enum SessionStatus {
        Open = "open",
        Processing = "processing",
        /// The buyer has paid.
        Success = "success",
        Closed = "closed",
        Expired = "expired",
    }
}
