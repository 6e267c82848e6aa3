//! The bodies against Java's classes, and against what Java writes.
//!
//! The files in `java/VERSION` are printed by the programs in `interop/src/main/java/remoting/interop/model`, from the official
//! artifact of the version. `bodies.txt` has the properties of each body class and the names of each enum, as found by
//! reflection. `body-values.txt` has what Java writes for an instance with values for all properties (`filled`), and for one
//! as its constructor leaves it (`fresh`).

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod classes;
mod values;

/// The recorded releases, the newest last.
const RELEASES: [&str; 4] = ["4.9.8", "5.3.3", "5.5.0", "5.5.1"];

fn recorded(release: &str, file: &str) -> String {
    let path = format!("{}/tests/java/{release}/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
