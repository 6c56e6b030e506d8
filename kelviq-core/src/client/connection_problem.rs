//! The reason for a failed connection, in words that contain no URL and no data of the request.

use std::{error::Error as StdError, io};

/// Returns the reason for a failed or lost connection.
pub(super) fn reason(error: &reqwest::Error) -> String {
    let causes = causes(error);
    if let Some(problem) = certificate_problem(&causes) {
        return format!("the server's certificate is invalid ({problem})");
    }
    let text = causes
        .iter()
        .find_map(|cause| tunnel_problem(&cause.to_string()));
    match text {
        Some(problem @ PROXY_UNREACHABLE) => {
            format!("{problem} ({})", direct_reason(error, &causes))
        }
        Some(problem) => problem.to_owned(),
        None => direct_reason(error, &causes),
    }
}

/// Returns `true` if the server's certificate was rejected. Another attempt would fail in the same way.
pub(super) fn is_certificate_rejected(error: &(dyn StdError + 'static)) -> bool {
    certificate_problem(&causes(error)).is_some()
}

/// Returns `true` if the server answered, but not in valid HTTP. The type of the error is that of hyper, which is not a
/// dependency; its errors in the body are `io::Error`s.
pub(super) fn is_malformed_response(error: &reqwest::Error) -> bool {
    causes(error).iter().any(|cause| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        matches!(
            io,
            Some(io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData)
        ) || format!("{cause:?}").starts_with("hyper::Error(Parse(")
    })
}

const PROXY_UNREACHABLE: &str = "the proxy cannot be reached";

/// Describes an error of a `CONNECT` request to a proxy. Its type is private to hyper-util.
fn tunnel_problem(text: &str) -> Option<&'static str> {
    Some(match text.strip_prefix("tunnel error: ")? {
        "proxy authorization required" => "the proxy requires a user name and password",
        "unsuccessful" => "the proxy refused the connection",
        "failed to create underlying connection" => PROXY_UNREACHABLE,
        _ => "the proxy did not answer as a proxy",
    })
}

/// Describes a rejected certificate. The type of the error is that of rustls, which is not a dependency.
fn certificate_problem(causes: &[&(dyn StdError + 'static)]) -> Option<String> {
    causes.iter().find_map(|cause| {
        let text = cause.to_string();
        let problem = text.strip_prefix("invalid peer certificate: ")?;
        // The names in a certificate are the server's choice.
        let line = problem.chars().filter(|c| matches!(c, ' '..='~'));
        Some(line.take(200).collect())
    })
}

fn direct_reason(error: &reqwest::Error, causes: &[&(dyn StdError + 'static)]) -> String {
    let io = causes
        .iter()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .find(|error| error.kind() != io::ErrorKind::Other);
    let is_dns = |cause: &&(dyn StdError + 'static)| cause.to_string() == "dns error";
    if error.is_dns() || causes.iter().any(is_dns) {
        "the host name cannot be resolved".to_owned()
    } else if error.is_timeout() {
        "the connection timed out".to_owned()
    } else if let Some(error) = io {
        match error.kind() {
            io::ErrorKind::InvalidData if error.get_ref().is_some() => {
                "the TLS handshake failed; check whether the server speaks https".to_owned()
            }
            kind => kind.to_string(),
        }
    } else {
        "the connection was closed".to_owned()
    }
}

/// Returns the error and all its sources.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> Vec<&'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |cause| source(*cause)).collect()
}

/// Returns the source of an error. The error inside an `io::Error` counts as its source.
fn source<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    let io = error.downcast_ref::<io::Error>();
    match io.and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}
