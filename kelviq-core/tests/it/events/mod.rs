//! What is in an event, for every type, whatever its fields look like.

mod debug;
mod fixtures;
mod hostile;
mod misfits;
mod models;
mod previous;
