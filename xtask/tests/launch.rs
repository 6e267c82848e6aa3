//! The programs are started with the arguments that were given.

#![allow(clippy::expect_used, reason = "a test that cannot go on may panic")]

use std::process::Command;

/// What `cargo xtask` would tell cargo.
fn arguments_passed_to_cargo(arguments: &[&str]) -> String {
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = xtask.args(arguments).env("CARGO", "echo").output().expect("xtask starts");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn a_program_receives_its_arguments_as_they_stand() {
    let bench = "run --quiet --release --package remoting-benches --bin bench --";
    for arguments in ["--help", "-- codec --baseline old", "--compare OLD NEW", "--quick --only idle"] {
        let words: Vec<&str> = ["bench"].into_iter().chain(arguments.split(' ')).collect();
        assert_eq!(arguments_passed_to_cargo(&words), format!("{bench} {arguments}\n"));
    }
}

#[test]
fn vectors_and_interop_are_one_program() {
    let interop = "run --quiet --package remoting-interop --";
    assert_eq!(arguments_passed_to_cargo(&["vectors", "a.jsonl"]), format!("{interop} vectors a.jsonl\n"));
    assert_eq!(arguments_passed_to_cargo(&["interop"]), format!("{interop} interop\n"));
}
