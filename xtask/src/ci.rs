//! `cargo xtask ci`: what the automatic check runs, for a person to run before.

use std::process::Command;
use std::time::Instant;
use std::{fs, io};

use anyhow::Context;

use crate::cargo::{cargo, run_to_end, workspace_root};

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
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    step("format", cargo().args(["fmt", "--all", "--check"]))?;
    step(
        "clippy",
        cargo().args(["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"]),
    )?;
    if !arguments.skip_tests {
        step("tests", cargo().args(["test", "--workspace", "--all-features"]))?;
    }
    step("layers", cargo().args(["test", "--package", "xtask", "--test", "layers"]))?;
    step(
        "docs",
        cargo()
            .args(["doc", "--workspace", "--no-deps", "--all-features"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    for example in examples_that_end()? {
        step(
            &format!("example {example}"),
            cargo().args([
                "run",
                "--quiet",
                "--package",
                "remoting",
                "--all-features",
                "--example",
                &example,
            ]),
        )?;
    }
    println!("ci: all steps passed");
    Ok(())
}

fn step(name: &str, command: &mut Command) -> anyhow::Result<()> {
    println!("── {name}");
    let begin = Instant::now();
    run_to_end(command).with_context(|| format!("step `{name}` failed"))?;
    println!("── {name}: passed in {:.1} s", begin.elapsed().as_secs_f32());
    Ok(())
}

fn examples_that_end() -> anyhow::Result<Vec<String>> {
    let dir = workspace_root().join("crates/remoting/examples");
    let files: io::Result<Vec<_>> = fs::read_dir(&dir)
        .with_context(|| format!("cannot list the examples in {}", dir.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect();
    let mut names: Vec<String> = files?
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter_map(|path| path.file_stem()?.to_str().map(str::to_owned))
        .filter(|name| !EXAMPLES_WITHOUT_END.contains(&name.as_str()))
        .collect();
    names.sort_unstable();
    Ok(names)
}
