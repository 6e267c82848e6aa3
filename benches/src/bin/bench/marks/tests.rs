use super::super::contestant::Stack;
use super::super::results::samples;
use super::*;

fn mark(wanted: f64, measured: f64, at_most: bool) -> Mark {
    Mark::of_one(String::new(), wanted, measured, at_most)
}

fn judged(results: &Results, id: &str) -> Mark {
    let mut marks = judge(results);
    let ids: Vec<String> = marks.iter().map(|mark| mark.id.clone()).collect();
    let position = ids.iter().position(|found| found == id).unwrap_or_else(|| panic!("no {id} in {ids:?}"));
    marks.swap_remove(position)
}

#[test]
fn a_mark_is_missed_by_a_share_of_it() {
    assert!(mark(0.22, 0.25, false).is_reached());
    assert!(!mark(50.0, 60.0, true).is_reached());
    assert!((mark(50.0, 60.0, true).missed_by() - 0.2).abs() < 1e-9);
    assert!((mark(0.2, 0.15, false).missed_by() - 0.25).abs() < 1e-9);
}

#[test]
fn rows_are_set_against_raw_and_against_peers() {
    let results = samples::results();
    let to_raw = judged(&results, "echo/pinned/1x64/remoting/to raw");
    assert!(to_raw.is_reached() && (to_raw.measured - 0.25).abs() < 1e-3, "{to_raw:?}");
    let to_tarpc = judged(&results, "echo/pinned/1x64/remoting runtime/to tarpc");
    assert!((to_tarpc.missed_by() - 1.0 / 3.0).abs() < 1e-3, "2 of 3: {to_tarpc:?}");
}

#[test]
fn the_tail_is_set_against_the_median() {
    let mut results = samples::results();
    assert!(judged(&results, "echo/pinned/1x64/remoting/p99 to p50").is_reached(), "60 to 30");
    results.echo[0].rows[1].p99_us = Sample::of([90.0, 90.0, 90.0]);
    assert!(!judged(&results, "echo/pinned/1x64/remoting/p99 to p50").is_reached());
}

#[test]
fn a_peer_that_waits_for_delayed_acknowledgements_is_set_against_nothing() {
    let mut results = samples::results();
    results.echo[0].rows[3].p50_us = Sample::of([47_800.0, 47_900.0, 48_000.0]);
    assert!(judge(&results).iter().all(|mark| !mark.id.ends_with("/to tarpc")));
}

#[test]
fn rounds_that_are_far_apart_neither_reach_a_mark_nor_miss_it() {
    let judge = |rounds: [f64; 3]| Mark::of(String::new(), 100.0, &Sample::of(rounds), false).verdict();
    assert_eq!(judge([90.0, 110.0, 120.0]), Verdict::Reached);
    assert_eq!(judge([90.0, 110.0, 160.0]), Verdict::TooNoisy);
    assert_eq!(judge([50.0, 90.0, 95.0]), Verdict::TooNoisy);
    assert_eq!(judge([80.0, 90.0, 95.0]), Verdict::Missed);
}

#[test]
fn json_has_easier_marks() {
    let mut results = samples::results();
    let json = samples::row(Stack::Remoting, "remoting JSON", 140_000.0, 1_000_000.0);
    results.echo[0].rows.push(json);
    let to_raw = judged(&results, "echo/pinned/1x64/remoting JSON/to raw");
    assert!(to_raw.is_reached() && (to_raw.wanted - 0.132).abs() < 1e-9, "{to_raw:?}");
    let tail = judged(&results, "echo/pinned/1x64/remoting JSON/p99 to p50");
    assert!(tail.is_reached() && (tail.wanted - 2.0 / 0.6).abs() < 1e-9, "{tail:?}");
}

#[test]
fn idle_connections_and_operations_have_marks() {
    let results = samples::results();
    assert!(judged(&results, "idle/remoting/fresh bytes").is_reached());
    assert!(!judged(&results, "idle/remoting/used bytes").is_reached());
    assert!(!judged(&results, "codec/ROCKETMQ/send_1k/decode/ns").is_reached());
    assert!(judged(&results, "codec/ROCKETMQ/send_1k/decode/allocations").is_reached());
}

#[test]
fn a_cost_that_grows_along_the_curve_misses_its_mark() {
    let mut results = samples::results();
    for (connections, cost) in [(1, 10.0), (10, 8.0), (100, 12.0)] {
        let mut row = samples::row(Stack::Remoting, "remoting", 1.0, 1.0);
        (row.server_cpu, row.client_cpu) = (Sample::of([cost / 2.0]), Sample::of([cost / 2.0]));
        results.echo.push(samples::case(connections, 1, "scaling/…", vec![row]));
    }
    let growth = judged(&results, "scaling/connections/growth of CPU s/M");
    assert!((growth.measured - 1.5).abs() < 1e-9 && !growth.is_reached(), "{growth:?}");
}

#[test]
fn what_was_not_measured_has_no_mark() {
    assert!(judge(&Results::new(Vec::new(), String::new())).is_empty());
}
