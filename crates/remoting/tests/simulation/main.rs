//! A simulated client, two servers and the network between them, in memory and on a paused clock: a thousand worlds,
//! each of which follows from a seed. `checks.rs` has the checks of each run.
//!
//! A world that fails names its seed. `SIMULATION_SEED=17 cargo test -p remoting --test simulation` runs that one alone
//! and prints its trace.
#![allow(clippy::expect_used, reason = "a test fails by a panic")]

mod checks;
mod network;
mod random;
mod relay;
mod schedule;
mod servers;
mod trace;
mod work;
mod world;

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::schedule::Schedule;
use crate::trace::Entry;

const ONE_SEED: &str = "SIMULATION_SEED";

/// Runs the world of a seed twice and returns its faults.
fn live(seed: u64, print: bool) -> Result<(), String> {
    let schedule = Schedule::of(seed);
    let trace = world::live_through(&schedule);
    if print {
        println!("{schedule:#?}");
        trace.iter().for_each(|entry| println!("{entry}"));
    }
    checks::check(&schedule, &trace)?;
    same(&trace, &world::live_through(&schedule))
}

fn same(first: &[Entry], second: &[Entry]) -> Result<(), String> {
    let differs = (0..first.len().max(second.len())).find(|at| first.get(*at) != second.get(*at));
    let Some(at) = differs else { return Ok(()) };
    let show = |entry: Option<&Entry>| entry.map_or_else(|| "nothing".to_owned(), ToString::to_string);
    let (one, other) = (show(first.get(at)), show(second.get(at)));
    Err(format!("the second time was another at event {at}:\n    first  {one}\n    second {other}"))
}

fn live_all(seeds: Range<u64>) {
    let alone = std::env::var(ONE_SEED).ok().map(|seed| seed.parse::<u64>().expect("a number"));
    let seeds: Vec<u64> = match alone {
        Some(seed) => seeds.contains(&(seed % 1_000)).then_some(seed).into_iter().collect(),
        None => seeds.collect(),
    };
    let mut failed = Vec::new();
    for seed in seeds {
        let lived = catch_unwind(AssertUnwindSafe(|| live(seed, alone.is_some())));
        let wrong = match lived {
            Ok(Ok(())) => continue,
            Ok(Err(wrong)) => wrong,
            Err(_panic) => "panicked, see above".to_owned(),
        };
        failed.push(format!("{ONE_SEED}={seed}: {wrong}"));
    }
    assert!(
        failed.is_empty(),
        "{} worlds went wrong; run one alone as `{ONE_SEED}=… cargo test -p remoting --test simulation`\n{}",
        failed.len(),
        failed.iter().take(10).cloned().collect::<Vec<_>>().join("\n")
    );
}

/// Four tests, so that they use the cores there are.
macro_rules! worlds {
    ($($name:ident: $seeds:expr;)*) => {
        $(
            #[test]
            fn $name() {
                live_all($seeds);
            }
        )*
    };
}

worlds! {
    every_call_ends_once_in_time_and_with_its_own_answer_in_worlds_0_to_249: 0..250;
    every_call_ends_once_in_time_and_with_its_own_answer_in_worlds_250_to_499: 250..500;
    every_call_ends_once_in_time_and_with_its_own_answer_in_worlds_500_to_749: 500..750;
    every_call_ends_once_in_time_and_with_its_own_answer_in_worlds_750_to_999: 750..1_000;
}
