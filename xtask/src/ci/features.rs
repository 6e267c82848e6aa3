//! Checks of each feature alone, and of none.

use std::process::Command;

use super::step::Steps;
use crate::cargo::cargo;

/// The features of the facade, which passes each to the crates below.
const FEATURES: [&str; 16] = [
    "acl",
    "lz4",
    "metrics",
    "model",
    "prost",
    "service",
    "socks",
    "testing",
    "tls",
    "tls-encrypted-keys",
    "tls-self-signed",
    "tls-watch",
    "tonic",
    "tower",
    "zlib",
    "zstd",
];

/// The features of `remoting-namesrv`.
const NAME_SERVER_FEATURES: [&str; 5] = ["acl", "bin", "metrics", "testing", "tls"];

/// Tests that hold for a build with the default features. All others run with all features, one of which counts
/// allocations of its own.
const OF_THE_DEFAULT: [&str; 2] = ["allocations", "features_off"];

pub(super) fn check(steps: &mut Steps) -> anyhow::Result<()> {
    steps.command("no feature", &mut alone(""))?;
    for feature in FEATURES {
        steps.command(&format!("feature {feature} alone"), &mut alone(feature))?;
    }
    steps.command("name server: no feature", &mut name_server(""))?;
    for feature in NAME_SERVER_FEATURES {
        steps.command(&format!("name server: feature {feature} alone"), &mut name_server(feature))?;
    }
    Ok(())
}

/// Checks the name server, library and program, with only this feature. A warning is an error.
fn name_server(feature: &str) -> Command {
    let mut check = cargo();
    check.args(["clippy", "--package", "remoting-namesrv", "--no-default-features", "--features", feature]);
    check.args(["--", "-D", "warnings"]);
    check
}

/// Checks the library with only this feature. A warning is an error.
fn alone(feature: &str) -> Command {
    let mut check = cargo();
    check.args(["clippy", "--package", "remoting-protocol", "--package", "remoting-transport"]);
    check.args(["--package", "remoting-rpc", "--package", "remoting", "--no-default-features"]);
    check.args(["--features", feature, "--", "-D", "warnings"]);
    check
}

pub(super) fn default_tests(steps: &mut Steps) -> anyhow::Result<()> {
    let mut tests = cargo();
    tests.args(["test", "--package", "remoting"]).args(OF_THE_DEFAULT.map(|name| format!("--test={name}")));
    steps.command("tests of the default features", &mut tests)
}
