//! `cargo xtask bench`: this stack beside the limit and beside what else there is, in one run.

mod cases;
mod contestant;
mod document;
mod effort;
mod idle;
mod instructions;
mod machine;
mod marks;
mod operations;
mod plot;
mod process;
mod procfs;
mod programs;
mod results;
mod rounds;
mod statistics;
mod table;

use std::process::ExitCode;

use anyhow::Context;

use self::cases::Case;
use self::contestant::Stack;
use self::effort::Effort;
use self::programs::Programs;
use self::results::Results;
use crate::cargo::{cargo, run_to_end};

/// What the command exits with when something that it needs is not installed.
const NOT_INSTALLED: u8 = 3;

#[derive(clap::Args)]
#[command(
    after_help = "Builds everything in release mode, then measures: leave the machine alone meanwhile.\n\
    A run of everything takes about 25 minutes after the build, with --quick about 6.\n\
    \n\
    cargo xtask bench --quick --only echo/pinned/1x64\n\
    cargo xtask bench --instructions\n\
    cargo xtask bench -- codec --save-baseline before     (criterion alone, with its own arguments)\n\
    \n\
    Exit code: 0 done, 1 failed or more instructions than accepted, 3 valgrind is not installed (--instructions)."
)]
pub(crate) struct Arguments {
    /// Three short rounds instead of five: to see that it runs, not to quote.
    #[arg(long)]
    quick: bool,
    /// Run only what has this in its name, such as `operations`, `echo/pinned`, `echo/free/1x64`, `scaling`, `idle`.
    #[arg(long, default_value = "", hide_default_value = true, value_name = "SUBSTRING")]
    only: String,
    /// Compare with these; `raw` always runs, for the ratios. Java needs a JDK and Maven, and is left out without.
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_values = ["tokio-raw", "tarpc", "tonic", "java"]
    )]
    peers: Vec<Stack>,
    /// Print the results as JSON instead of tables.
    #[arg(long)]
    json: bool,
    /// Write docs/benchmarks.md and its plots as well, after a run of everything.
    #[arg(long, conflicts_with_all = ["only", "peers"])]
    write: bool,
    /// Count user-space instructions for each request instead, and compare with the accepted counts.
    #[arg(long)]
    instructions: bool,
    /// Accept the counted instructions: writes benches/instructions.json.
    #[arg(long, requires = "instructions")]
    accept: bool,
    /// Run the criterion suites alone, with these arguments: a filter, `--save-baseline NAME`, `--baseline NAME`, …
    #[arg(last = true)]
    criterion: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if arguments.instructions {
        return instructions::run(arguments.accept);
    }
    if !arguments.criterion.is_empty() {
        let mut criterion = cargo();
        criterion.args(["bench", "--package", "remoting-benches", "--benches", "--"]);
        return run_to_end(criterion.args(&arguments.criterion)).map(|()| ExitCode::SUCCESS);
    }
    let results = measure(arguments)?;
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&results).context("results as JSON")?);
    } else {
        print!("{}", table::all(&results, table::Style::Terminal));
    }
    if arguments.write {
        document::write(&results)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn measure(arguments: &Arguments) -> anyhow::Result<Results> {
    let wanted = |name: &str| name.contains(&arguments.only);
    let effort = Effort::new(arguments.quick);
    let mut results = Results::new(machine::describe(), effort.describe());
    if wanted(operations::NAME) {
        results.operations = operations::measure(&effort)?;
    }
    let cases: Vec<Case> = cases::all().into_iter().filter(|case| wanted(&case.name())).collect();
    if cases.is_empty() && !wanted(idle::NAME) {
        return Ok(results);
    }
    let programs = Programs::build(&arguments.peers)?;
    for case in &cases {
        results.echo.push(rounds::run(&programs, case, &arguments.peers, &effort)?);
    }
    if wanted(idle::NAME) {
        results.idle = idle::measure(&programs, &effort)?;
    }
    results.instructions = instructions::accepted()?;
    results.marks = marks::judge(&results);
    Ok(results)
}
