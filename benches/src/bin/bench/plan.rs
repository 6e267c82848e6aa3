//! How long a run takes, from the rounds that it makes.

use std::time::Duration;

use super::cases::Case;
use super::contestant::{Contestant, Stack};
use super::effort::Effort;
use super::idle::{CONNECTS, REST};
use super::name_servers::Server;
use super::selection::Selection;

/// What a round takes besides its warm-up and its measurement, on two cores: the processes start, connect and end.
const AROUND_A_ROUND: Duration = Duration::from_millis(120);
const AROUND_A_ROUND_OF_JAVA: Duration = Duration::from_millis(1_500);
/// How many operations a criterion suite has on average.
const OPERATIONS_OF_A_SUITE: usize = 8;
/// Criterion's own work for an operation.
const AROUND_AN_OPERATION: Duration = Duration::from_millis(60);
/// Reading and writing 1 GiB, after the warm-up.
const REGION: Duration = Duration::from_millis(900);
/// Opening a connection and using it.
const CONNECTION: Duration = Duration::from_micros(150);
/// Starts of a name server, and registrations.
const AROUND_A_NAME_SERVER: Duration = Duration::from_secs(2);
const AROUND_A_NAME_SERVER_OF_JAVA: Duration = Duration::from_secs(10);

/// The time for everything that is selected, without the builds.
pub(super) fn duration(selection: &Selection, effort: &Effort) -> Duration {
    let of_sweep = |sweep: usize| {
        let cases = selection.cases.iter().filter(|case| effort.has_case(sweep, case));
        let cases: Duration = cases.map(|case| of_case(case, sweep, effort)).sum();
        let others = if effort.has_idle(sweep) { of_others(selection, effort) } else { Duration::ZERO };
        of_suites(&selection.suites, effort) + cases + others
    };
    (1..=effort.sweeps).map(of_sweep).sum()
}

/// `about 4 minutes`.
pub(super) fn describe(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ ..120 => format!("about {seconds} seconds"),
        seconds => format!("about {} minutes", seconds.div_ceil(60)),
    }
}

fn of_suites(suites: &[&str], effort: &Effort) -> Duration {
    let each = effort.operation_warm_up + effort.operation_measure + AROUND_AN_OPERATION;
    each * (suites.len() * OPERATIONS_OF_A_SUITE) as u32
}

fn of_case(case: &Case, sweep: usize, effort: &Effort) -> Duration {
    let round = effort.warm_up + effort.measure;
    let of_contestant = |contestant: &Contestant| match (contestant.stack, effort.java_rounds(sweep)) {
        (Stack::Java, 0) => Duration::ZERO,
        (Stack::Java, rounds) => AROUND_A_ROUND_OF_JAVA + effort.java_warm_up + round * rounds as u32,
        _ => AROUND_A_ROUND + round,
    };
    case.contestants.iter().map(of_contestant).sum()
}

/// Idle connections and all else that has no round in some of the sweeps.
fn of_others(selection: &Selection, effort: &Effort) -> Duration {
    let start = |contestant: &Contestant| match contestant.stack {
        Stack::Java => AROUND_A_ROUND_OF_JAVA,
        _ => AROUND_A_ROUND,
    };
    let idle = |contestant| start(contestant) + REST * 3 + CONNECTION * effort.idle_connections as u32;
    let connects = |contestant| start(contestant) + CONNECTION * CONNECTS as u32;
    let name_server = |server: &Server| match server {
        Server::Remoting => AROUND_A_NAME_SERVER + effort.name_server_measure() * 4,
        Server::Java => AROUND_A_NAME_SERVER_OF_JAVA + effort.java_warm_up + effort.name_server_measure() * 3,
    };
    (AROUND_A_ROUND + REGION) * selection.regions.len() as u32
        + selection.idle.iter().map(idle).sum::<Duration>()
        + selection.connects.iter().map(connects).sum::<Duration>()
        + selection.name_servers.iter().map(name_server).sum::<Duration>()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::{Arguments, takes_part};

    fn of_run(quick: bool) -> Duration {
        let mut selection = Selection::new(&[]).unwrap();
        selection.keep(|stack| takes_part(stack, &[], quick));
        duration(&selection, &Effort::new(quick))
    }

    #[test]
    fn a_quick_run_takes_less_than_four_minutes_and_a_full_one_no_more_than_26() {
        assert!(of_run(true) < Duration::from_secs(4 * 60), "{:?}", of_run(true));
        assert!(of_run(false) <= Duration::from_secs(26 * 60), "{:?}", of_run(false));
    }

    #[test]
    fn the_help_says_how_long_they_take() {
        let help = Arguments::command().render_long_help().to_string();
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for (quick, run) in [(false, "A full run takes"), (true, "a run with --quick")] {
            let expected = format!("{run} {}", describe(of_run(quick)));
            assert!(help.contains(&expected), "{expected}: {help}");
        }
    }

    #[test]
    fn what_is_not_selected_takes_no_time() {
        let mut selection = Selection::new(&["echo/pinned/1x64".to_owned()]).unwrap();
        selection.cases[0].contestants.retain(|contestant| contestant.stack == Stack::Raw);
        // Three rounds of 100 ms, 200 ms and what is around them.
        let rounds = duration(&selection, &Effort::new(true));
        assert_eq!(rounds, Duration::from_millis(3 * 300) + AROUND_A_ROUND * 3);
    }
}
