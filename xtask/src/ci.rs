//! `cargo xtask ci`: what the automatic check runs, for a person to run before.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs, io};

use anyhow::Context;

use crate::cargo::{cargo, run_to_end, run_within, target_directory, workspace_root};
use crate::launch::Program;

/// Where vector files may be: the project's own recordings, and further ones beside the checkout.
const VECTORS: [&str; 2] = ["crates/remoting-protocol/tests/vectors", "../shared/vectors"];

/// How long all tests may take once they are built: some twenty times what they need on a machine with two cores. Those of
/// the documentation are built meanwhile.
const TEST_LIMIT: Duration = Duration::from_secs(1_200);

/// Examples that serve until they are stopped, or need one that does.
const EXAMPLES_WITHOUT_END: [&str; 2] = ["client", "server"];

#[derive(clap::Args)]
#[command(
    after_help = "Stops at the first step that fails. Interop with Java is its own command: it needs a JDK."
)]
pub(crate) struct Arguments {
    /// Leave out `cargo test --workspace --all-features`, for a caller that has just run it.
    #[arg(long)]
    skip_tests: bool,
    /// Check benches/peers as well: the other RPC stacks of the benchmark, minutes of building that no other change needs.
    #[arg(long)]
    peers: bool,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    step("format", cargo().args(["fmt", "--all", "--check"]))?;
    step(
        "clippy",
        cargo().args(["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"]),
    )?;
    if arguments.peers {
        let peers = ["--manifest-path", "benches/peers/Cargo.toml"];
        step("format of the peers", cargo().arg("fmt").args(peers).arg("--check"))?;
        let target = target_directory()?.join("peers");
        let mut clippy = cargo();
        clippy.args(["clippy", "--locked", "--all-targets"]).args(peers).arg("--target-dir").arg(target);
        step("clippy of the peers", clippy.args(["--", "-D", "warnings"]))?;
    }
    if !arguments.skip_tests {
        let tests = ["test", "--workspace", "--all-features"];
        step("build of the tests", cargo().args(tests).arg("--no-run"))?;
        timed("tests", || {
            run_within(TEST_LIMIT, cargo().args(tests)).context(
                "a test hangs: the last one of which it says \"has been running for over 60 seconds\"",
            )
        })?;
    }
    // The other tests run with all features, of which one counts what it costs.
    step("allocations", cargo().args(["test", "--package", "remoting", "--test", "allocations"]))?;
    step("layers", cargo().args(["test", "--package", "xtask", "--test", "layers"]))?;
    step(
        "docs",
        cargo()
            .args(["doc", "--workspace", "--no-deps", "--all-features"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    let wasm = "wasm32-unknown-unknown";
    if is_installed(wasm)? {
        // A platform without sockets, threads or a clock: what builds there uses none.
        let arguments = ["check", "--package", "remoting-protocol", "--all-features", "--target", wasm];
        step("the codec without a system below", cargo().args(arguments))?;
    } else {
        println!("── the codec without a system below: left out, as rustup target {wasm} is not installed");
    }
    step("vectors", Program::Vectors.command().args(vector_files()?))?;
    let examples = files_in("crates/remoting/examples", "rs")?;
    let names = examples.iter().filter_map(|path| path.file_stem()?.to_str());
    for example in names.filter(|name| !EXAMPLES_WITHOUT_END.contains(name)) {
        step(
            &format!("example {example}"),
            cargo().args(["run", "--quiet", "--package", "remoting", "--all-features", "--example", example]),
        )?;
    }
    println!("ci: all steps passed");
    Ok(())
}

fn step(name: &str, command: &mut Command) -> anyhow::Result<()> {
    timed(name, || run_to_end(command))
}

fn timed(name: &str, run: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
    println!("── {name}");
    let begin = Instant::now();
    run().with_context(|| format!("step `{name}` failed"))?;
    println!("── {name}: passed in {:.1} s", begin.elapsed().as_secs_f32());
    Ok(())
}

/// Whether the standard library for a platform is there.
fn is_installed(target: &str) -> anyhow::Result<bool> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", target])
        .output()
        .context("cannot start rustc")?;
    Ok(output.status.success() && Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}

fn vector_files() -> anyhow::Result<Vec<PathBuf>> {
    let there = VECTORS.iter().filter(|folder| workspace_root().join(folder).is_dir());
    Ok(there.map(|folder| files_in(folder, "jsonl")).collect::<anyhow::Result<Vec<_>>>()?.concat())
}

/// The files with this extension in a folder of the workspace, by name.
fn files_in(folder: &str, extension: &str) -> anyhow::Result<Vec<PathBuf>> {
    let folder = workspace_root().join(folder);
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    files.sort_unstable();
    Ok(files)
}
