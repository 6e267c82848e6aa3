//! Every header equals the Java class of its name, in all four releases. `tests/java` has what Java says of them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod all;
mod dump;
mod fields;
mod frames;
