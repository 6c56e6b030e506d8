//! The log event of a failed request to Kelviq.

/// Logs a failed request to Kelviq: the given fields, the status of the response, the number of attempts, the seconds of
/// `Retry-After`, and the error.
macro_rules! log_failure {
    ($level:ident, $error:expr, { $($fields:tt)* }, $message:literal) => {{
        let error: &kelviq_core::Error = $error;
        tracing::$level!(
            $($fields)*
            status = error.status(),
            attempts = error.attempts(),
            retry_after = error.retry_after().map(|delay| delay.as_secs()),
            error = error as &dyn std::error::Error,
            $message
        );
    }};
}

pub(crate) use log_failure;
