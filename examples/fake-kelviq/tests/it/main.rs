//! The program.

mod start;
