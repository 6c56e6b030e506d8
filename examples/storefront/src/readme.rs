//! Compiles the code blocks of the workspace's README as doc tests.

#[doc = include_str!("../../../README.md")]
struct Readme;
