//! `cargo xtask bench`: this stack beside the limit and beside what else there is, in one run.

mod build;
mod cargo;
mod cases;
mod chart;
mod compare;
mod contestant;
mod delayed_ack;
mod document;
mod effort;
mod idle;
mod instructions;
mod machine;
mod name_servers;
mod operations;
mod plan;
mod process;
mod procfs;
mod programs;
mod regions;
mod results;
mod rounds;
mod selection;
mod statistics;
mod sweeps;
mod table;
mod tables;
mod turns;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use clap::Parser;

use self::contestant::Stack;
use self::effort::Effort;
use self::programs::Programs;
use self::results::Results;
use self::selection::Selection;
use self::sweeps::Sweeps;

/// What the command exits with when something that it needs is not installed.
const NOT_INSTALLED: u8 = 3;

#[derive(Parser)]
#[command(
    name = "cargo xtask bench",
    bin_name = "cargo xtask bench",
    about = "Measures this stack beside the limit and its peers.",
    after_help = "Builds everything in release mode, then measures. Leave the machine alone meanwhile. A full run takes about \
    26 minutes after the build, a run with --quick about 3 minutes. Everything is on loopback. Ctrl-C ends all programs of the run, and \
    nothing is written. A stack that fails is left out of its table and named at the end; the others are still measured. \
    Requests that wait for delayed acknowledgements (40 ms) are a fault of the benchmark: such a row is marked, named at the \
    end and compared with no other.\n\
    \n\
    cargo xtask bench --write                                       updates docs/benchmarks.md\n\
    cargo xtask bench --write --from docs/benchmarks/results.json   the same, from the last run\n\
    cargo xtask bench --quick --only echo/pinned/1x64,idle       (a name that does not exist lists all that do)\n\
    cargo xtask bench --json > new.json\n\
    cargo xtask bench --compare docs/benchmarks/results.json new.json\n\
    cargo xtask bench --instructions --only 'client rocketmq'\n\
    cargo xtask bench -- codec --save-baseline before            (criterion alone, with its own arguments)\n\
    \n\
    Exit code: 0 success; 1 a failure, of the whole or a part, a row that waits for delayed acknowledgements, runs that differ \
    (--compare), or more instructions than accepted (--instructions); 3 valgrind is not installed (--instructions)."
)]
struct Arguments {
    /// Run three short rounds instead of ten, or one where that tells enough, without Java. The numbers are not to be quoted.
    #[arg(long)]
    quick: bool,
    /// Run only what has one of these strings in its name, such as `operations`, `echo/pinned`, `echo/free/1x64`, `scaling`, `idle`,
    /// `name server`.
    #[arg(long, value_delimiter = ',', value_name = "SUBSTRING")]
    only: Vec<String>,
    /// Run only these peers. By default all run, except Java in a quick run, whose rounds end before it is warm. `raw` always
    /// runs, for the ratios. Java needs a JDK and Maven, and is left out without them.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "STACKS")]
    peers: Vec<Stack>,
    /// Print the results as JSON instead of tables, with every round of every number.
    #[arg(long)]
    json: bool,
    /// After a full run, also write docs/benchmarks/results.json and the chart beside it, and replace the tables in
    /// docs/benchmarks.md. The text around the tables stays.
    #[arg(long, conflicts_with_all = ["only", "peers"])]
    write: bool,
    /// Measure nothing and take the results of an earlier run, kept with --json or --write. Prints them and, with
    /// --write, writes the tables and the chart again.
    #[arg(
        long,
        value_name = "RESULTS",
        conflicts_with_all = ["quick", "only", "peers", "instructions", "criterion"]
    )]
    from: Option<PathBuf>,
    /// Measure nothing and compare two runs, kept with --json or --write: where they differ by more than their noise, and
    /// by how much. Runs of --quick have too few rounds for that: one number in ten differs by chance.
    #[arg(
        long,
        num_args = 2,
        value_names = ["OLD", "NEW"],
        conflicts_with_all = ["quick", "only", "peers", "json", "write", "from", "instructions", "criterion"]
    )]
    compare: Vec<PathBuf>,
    /// Count the user-space instructions of a request instead, and compare them with the accepted counts.
    #[arg(long, conflicts_with_all = ["quick", "peers", "json", "write"])]
    instructions: bool,
    /// Accept the counted instructions: write them to benches/instructions.json.
    #[arg(long, requires = "instructions")]
    accept: bool,
    /// Run only the criterion suites, with these arguments: a filter, `--save-baseline NAME`, `--baseline NAME`, …
    #[arg(last = true)]
    criterion: Vec<String>,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = &Arguments::parse();
    if !arguments.compare.is_empty() {
        return compare::run(&arguments.compare);
    }
    if arguments.instructions {
        return instructions::run(&arguments.only, arguments.accept);
    }
    if !arguments.criterion.is_empty() {
        return operations::run_criterion(&arguments.criterion).map(|()| ExitCode::SUCCESS);
    }
    let results = match &arguments.from {
        Some(path) => Results::read(path)?,
        None => measure(arguments)?,
    };
    if arguments.json {
        println!("{}", serde_json::to_string(&results).context("results as JSON")?);
    } else {
        print!("{}", tables::for_terminal(&results));
    }
    if arguments.write {
        document::write(&results)?;
    }
    for line in results.left_out.iter().chain(&results.failed) {
        eprintln!("not measured: {line}");
    }
    let delayed = delayed_ack::all(&results);
    for row in &delayed {
        eprintln!("A FAULT OF THE BENCHMARK: {row}");
    }
    let is_sound = results.failed.is_empty() && delayed.is_empty();
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns whether a stack takes part. `peers` are the stacks that the arguments name.
fn takes_part(stack: Stack, peers: &[Stack], quick: bool) -> bool {
    match stack {
        Stack::Raw | Stack::Remoting => true,
        Stack::Java if peers.is_empty() => !quick,
        _ => peers.is_empty() || peers.contains(&stack),
    }
}

fn measure(arguments: &Arguments) -> anyhow::Result<Results> {
    let started = Instant::now();
    let mut selection = Selection::new(&arguments.only)?;
    let had_java = selection.involves(Stack::Java);
    selection.keep(|stack| takes_part(stack, &arguments.peers, arguments.quick));
    let effort = Effort::new(arguments.quick);
    let mut results = Results::new(machine::describe(), effort.describe());
    // All builds come first: nothing is measured on a machine that is still warm from one.
    let (programs, left_out) = Programs::build(&mut selection)?;
    results.left_out = left_out;
    if had_java && arguments.quick && arguments.peers.is_empty() {
        results.left_out.push("java, which is not warm in a quick run; --peers java runs it".to_owned());
    }
    let planned = plan::duration(&selection, &effort);
    let mut sweeps = Sweeps::new(selection, &effort)?;
    eprintln!("built in {:.0?}; the run takes {}", started.elapsed(), plan::describe(planned));
    let started = Instant::now();
    sweeps.run(&programs, &effort);
    sweeps.into_results(&mut results);
    eprintln!("took {:.0?}", started.elapsed());
    Ok(results)
}
