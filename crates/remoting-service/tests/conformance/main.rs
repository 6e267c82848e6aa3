//! One service over both protocols, on one port: the results are equal. `docs/services.md` lists the differences.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

#[path = "../greeter/mod.rs"]
mod greeter;

mod both;
mod ends;
mod service;
mod table;
