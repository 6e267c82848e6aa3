use super::super::cases::Placement;
use super::*;
use crate::cargo::workspace_root;

/// Load programs that answer at once, and peers that end at once.
fn programs() -> Programs {
    let load = workspace_root().join("xtask/src/bench/rounds/scripted-load");
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
fn processes_that_stay_are_frozen_between_their_rounds() {
    // The signal has been sent when a round is over, and takes effect when the process is next looked at.
    let until_frozen = |pair: &Pair| {
        for process in [&pair.server, &pair.client] {
            let is_frozen = || {
                let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.id())).unwrap();
                // After the name comes the state.
                stat.rsplit_once(") ").unwrap().1.starts_with('T')
            };
            while !is_frozen() {
                std::thread::yield_now();
            }
        }
    };
    let (case, mut warm) = (case(&[]), None);
    let round = |warm: &mut _| {
        warm_round(warm, &programs(), &case, Contestant::new(Stack::Remoting), &Effort::new(false)).unwrap();
    };
    round(&mut warm);
    let first = warm.as_ref().unwrap();
    until_frozen(first);
    let id = first.server.id();
    round(&mut warm);
    let second = warm.unwrap();
    until_frozen(&second);
    assert_eq!(second.server.id(), id, "the same processes");
    second.end().unwrap();
}
