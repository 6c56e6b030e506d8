//! A visitor's account, and the form that changes it.

use serde::{Deserialize, Serialize};

/// The field of the form that deletes the account.
pub(crate) const SIGN_OUT: &str = "sign-out";

/// The name and the email address that a visitor has given. It has no `Debug`, so that neither gets into a log.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) email: String,
}

/// A submitted form that was rejected. The page shows it again with its errors.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct RejectedForm {
    pub(crate) fields: Account,
    pub(crate) name_error: Option<String>,
    pub(crate) email_error: Option<String>,
    /// An error that concerns no field.
    pub(crate) form_error: Option<String>,
}
