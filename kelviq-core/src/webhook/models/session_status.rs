//! The status of a checkout session.

use crate::open_enum::open_enum;

open_enum! {
    /// The status of a checkout session.
    ///
    /// ```
    /// use kelviq_core::SessionStatus;
    ///
    /// fn may_still_be_paid(status: &SessionStatus) -> bool {
    ///     matches!(status, SessionStatus::Open | SessionStatus::Processing)
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
