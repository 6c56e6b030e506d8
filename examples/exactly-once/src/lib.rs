//! What other test programs share with this one.

mod cluster;
mod error;

pub use cluster::Cluster;
pub use error::BoxError;
