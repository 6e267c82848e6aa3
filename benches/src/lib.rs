//! The common parts of the benchmark programs.
//!
//! `cargo xtask bench` starts servers and load generators as processes, commands them and observes them from
//! outside; [`control`] is their side of that conversation, the same for every stack that is compared. [`operation`]
//! holds what is measured without a socket; the criterion suites and the count of allocations run the same list.
//! [`send_message`] is the typed header that both use.

pub mod control;
pub mod operation;
pub mod send_message;

/// The example of the project's README, as a test: here, because the packages of the crates do not contain that file.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct ProjectReadme;
