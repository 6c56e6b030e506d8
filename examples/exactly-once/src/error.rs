//! The error of test programs.

use std::error::Error;

/// Any error.
pub type BoxError = Box<dyn Error + Send + Sync>;
