//! The message codec: round trips, malformed bytes, and what Java writes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may panic")]

mod describe;
mod java;
mod malformed;
mod random;
mod roundtrip;
