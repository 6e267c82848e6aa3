//! `cargo xtask ci`: the checks of the CI, for a local run.

pub(crate) mod api;
mod documentation;
mod features;
mod links;
mod minimal_versions;
mod packages;
mod platforms;
mod runs;
mod source;
mod step;

use anyhow::ensure;

use self::step::Steps;
use crate::test;

/// The published crates, from the bottom up.
const CRATES: [&str; 8] = [
    "remoting-protocol",
    "remoting-transport",
    "remoting-rpc",
    "remoting-service",
    "remoting-build",
    "remoting-model",
    "remoting",
    "remoting-namesrv",
];

#[derive(clap::Args)]
#[command(
    after_help = "Stops at the first step that fails. A step whose tool is not installed is left out, and named at the \
                  end with the command that installs the tool. Interop with Java is its own command: it needs a JDK."
)]
pub(crate) struct Arguments {
    /// Run only these parts.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Also check benches/peers, the other RPC stacks of the benchmark. This takes minutes to build.
    #[arg(long)]
    peers: bool,
}

/// The parts that can run separately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Format, clippy.
    Source,
    /// All tests; some tests again with the default features.
    Tests,
    /// The rustdoc pages of the crates.
    Docs,
    /// The links of all documents.
    Links,
    /// Vector files, examples.
    Runs,
    /// Each feature alone, and none.
    Features,
    /// The oldest Rust; Windows, macOS, WebAssembly.
    Platforms,
    /// The oldest versions of dependencies that the manifests allow.
    MinimalVersions,
    /// The packages for the registry build on their own.
    Packages,
    /// Licences, duplicates and sources of dependencies.
    Dependencies,
    /// The public API against the recorded one.
    Api,
}

/// Ordered so that faults are found early.
const ALL: [Part; 11] = [
    Part::Source,
    Part::Links,
    Part::Tests,
    Part::Docs,
    Part::Runs,
    Part::Features,
    Part::Platforms,
    Part::MinimalVersions,
    Part::Packages,
    Part::Dependencies,
    Part::Api,
];

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let mut steps = Steps::default();
    for part in ALL.into_iter().filter(|part| arguments.only.is_empty() || arguments.only.contains(part)) {
        match part {
            Part::Source => source::check(&mut steps, arguments.peers)?,
            Part::Tests => {
                steps.step("tests", test::run)?;
                features::default_tests(&mut steps)?;
            }
            Part::Docs => documentation::check(&mut steps)?,
            Part::Links => steps.step("links", links::check)?,
            Part::Runs => runs::check(&mut steps)?,
            Part::Features => features::check(&mut steps)?,
            Part::Platforms => platforms::check(&mut steps)?,
            Part::MinimalVersions => steps.step("minimal versions", minimal_versions::check)?,
            Part::Packages => packages::check(&mut steps)?,
            Part::Dependencies => packages::dependencies(&mut steps)?,
            Part::Api => api::check(&mut steps)?,
        }
    }
    ensure!(steps.passed() > 0, "nothing was checked");
    steps.report();
    Ok(())
}
