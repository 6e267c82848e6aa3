use super::super::cases::Placement;
use super::*;
use crate::cargo::workspace_root;

/// Load programs that answer at once, and peers that end at once.
fn programs() -> Programs {
    let load = workspace_root().join("benches/src/bin/bench/rounds/scripted-load");
    Programs::scripted(load, "/bin/false".into())
}

fn case(contestants: &[Stack]) -> Case {
    Case {
        group: "echo",
        placement: Placement::Free,
        connections: 1,
        window: 64,
        body: 128,
        contestants: contestants.iter().map(|&stack| Contestant::new(stack)).collect(),
    }
}

fn swept(contestants: &[Stack]) -> (CaseRun, Vec<String>) {
    let (mut run, mut failed) = (CaseRun::new(case(contestants)), Vec::new());
    let effort = Effort::new(false);
    for number in 1..=effort.sweeps {
        run.sweep(number, &programs(), &effort, &mut failed);
    }
    (run, failed)
}

#[test]
fn a_broken_peer_costs_the_others_nothing() {
    let (run, failed) = swept(&[Stack::Raw, Stack::Remoting, Stack::Tarpc]);
    let result = run.result().unwrap();
    let rounds: Vec<_> = result
        .rows
        .iter()
        .map(|row| (row.contestant.as_str(), row.requests_per_second.rounds.len()))
        .collect();
    assert_eq!(rounds, [("raw", 10), ("remoting", 10)]);
    assert!(result.rows[1].ratio_to_raw.rounds.iter().all(|&ratio| ratio == 1.0), "{result:?}");
    assert_eq!(failed.len(), 1, "once, and not in each sweep: {failed:?}");
    assert!(failed[0].starts_with("tarpc in echo/free/1x64: "), "{failed:?}");
    assert!(failed[0].contains("/bin/false"), "{failed:?}");
}

#[test]
fn without_raw_there_is_nothing_to_do_and_no_table() {
    let run = CaseRun::new(case(&[Stack::Remoting, Stack::Tarpc]));
    assert!(run.is_over() && run.result().is_none());
}

#[test]
fn several_rounds_are_of_one_pair_of_processes_and_single_ones_each_of_another() {
    let (case, effort) = (case(&[]), Effort::new(true));
    let rounds = |number| {
        let remoting = Contestant::new(Stack::Remoting);
        rounds(&programs(), &case, remoting, effort.warm_up, number, &effort).unwrap()
    };
    // The stand-in counts the rounds of its process.
    let p50s = |rounds: Vec<Round>| rounds.iter().map(|round| round.report.p50_ns).collect::<Vec<_>>();
    assert_eq!(p50s(rounds(3)), [1000.0, 2000.0, 3000.0]);
    assert_eq!(p50s(rounds(1)), [1000.0]);
}
