//! Reading a body takes memory and time in proportion to the body.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use allocation_counter::{AllocationInfo, measure};
use remoting_protocol::{BodyError, body};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

/// The memory that is allowed in addition, in bytes.
const CONSTANT: u64 = 16 << 10;

fn read<T: DeserializeOwned>(text: &str) -> (Result<T, BodyError>, AllocationInfo) {
    let mut read = None;
    let cost = measure(|| read = Some(body::from_json(text.as_bytes())));
    (read.unwrap(), cost)
}

/// Returns the peak of heap memory while `text` is read, in bytes per byte of `text`.
fn peak<T: DeserializeOwned>(text: &str) -> u64 {
    let (read, cost) = read::<T>(text);
    drop(read.map_err(|error| panic!("{text:.60}: {error}")));
    cost.bytes_max.saturating_sub(CONSTANT) / text.len() as u64
}

fn repeat(first: &str, row: &str, rows: usize, last: &str) -> String {
    format!("{first}{}{last}", row.repeat(rows))
}

const ROWS: usize = 50_000;

#[derive(Debug, Deserialize)]
struct Named {
    n: i64,
}

#[test]
fn a_reference_costs_nothing_for_the_siblings_of_its_target() {
    let elements = repeat("{\"x\":[0", ",0", ROWS, "],\"n\":{\"$ref\":\"$.x[49999]\"}}");
    let (read_named, cost) = read::<Named>(&elements);
    assert_eq!(read_named.unwrap().n, 0);
    assert!(cost.bytes_max < elements.len() as u64 / 2 + CONSTANT, "{cost:?}");
    assert!(cost.count_total < 100, "{cost:?}");

    let members = repeat("{\"x\":{\"a\":7", ",b:0", ROWS, "},\"n\":{\"$ref\":\"$.x.a\"}}");
    let (read_named, cost) = read::<Named>(&members);
    assert_eq!(read_named.unwrap().n, 7);
    assert!(cost.bytes_max < 8 * members.len() as u64 + CONSTANT, "{cost:?}");
    assert!(cost.count_total < 100, "{cost:?}");
}

#[test]
fn the_path_of_a_reference_is_followed_without_a_copy() {
    let text = format!("[{{\"a\":1}},{{\"$ref\":\"$[0]{}\"}}]", ".a".repeat(ROWS));
    let (value, cost) = read::<Value>(&text);
    value.expect_err("a path that leads nowhere");
    assert!(cost.bytes_max < CONSTANT, "{cost:?}");
}

#[test]
fn references_to_the_end_of_a_large_array_are_fast() {
    let row = r#"{"$ref":"$.x[0]"},{"$ref":"$.x[49999]"},"#;
    let text = repeat("{\"x\":[0", ",0", ROWS, &repeat("],\"n\":[", row, ROWS / 4, "]}"));
    #[derive(Deserialize)]
    struct Numbers {
        n: Vec<i64>,
    }
    assert_eq!(read::<Numbers>(&text).0.unwrap().n.len(), ROWS / 2);
}

#[test]
fn long_texts_before_the_target_are_scanned_once() {
    let long = "x".repeat(1 << 20);
    let text = repeat(&format!("{{\"x\":['{long}',7],\"n\":["), r#"{"$ref":"$.x[1]"},"#, ROWS / 4, "]}");
    #[derive(Deserialize)]
    struct Numbers {
        n: Vec<i64>,
    }
    assert_eq!(read::<Numbers>(&text).0.unwrap().n[0], 7);
}

/// Returns rows that each contain eight references to the previous row.
fn multiplying(rows: usize) -> String {
    let mut text = String::from("[[0,0,0,0,0,0,0,0]");
    for row in 0..rows {
        text += &format!(",[{}]", vec![format!("{{\"$ref\":\"$[{row}]\"}}"); 8].join(","));
    }
    text + "]"
}

#[test]
fn the_data_repeated_by_references_is_in_proportion_to_the_body() {
    for rows in [10, 30, 1000] {
        let text = multiplying(rows);
        let (value, cost) = read::<Value>(&text);
        assert!(value.unwrap_err().to_string().contains("repeat too much"));
        assert!(cost.bytes_max < 64 * text.len() as u64 + (1 << 20), "{rows} rows: {cost:?}");
    }
}

#[test]
fn the_data_repeated_by_references_has_an_absolute_limit() {
    let long = format!("'{}'", "x".repeat(1 << 20));
    let repeated = |times| format!("[{long},{long},{long}{}]", r#",{"$ref":"$[0]"}"#.repeat(times));
    assert_eq!(read::<Vec<IgnoredAny>>(&repeated(63)).0.unwrap().len(), 66);
    let (texts, _) = read::<Vec<IgnoredAny>>(&repeated(64));
    assert!(texts.unwrap_err().to_string().contains("repeat too much"));
}

#[test]
fn a_target_that_is_read_as_text_counts_with_the_length_of_its_text() {
    let long = repeat("[0", ",0", ROWS, "]");
    let text = repeat(&format!("[{long}"), ",{\"$ref\":\"$[0]\"}", 1000, "]");
    let (strings, cost) = read::<Vec<String>>(&text);
    assert!(strings.unwrap_err().to_string().contains("repeat too much"));
    assert!(cost.bytes_max < 40 * text.len() as u64, "{cost:?}");

    let text = repeat(&format!("[{long:?}"), ",{\"$ref\":\"$[0]\"}", 1000, "]");
    let (strings, cost) = read::<Vec<String>>(&text);
    assert!(strings.unwrap_err().to_string().contains("repeat too much"));
    assert!(cost.bytes_max < 40 * text.len() as u64, "{cost:?}");
}

#[test]
fn a_table_whose_values_all_refer_to_the_first_is_read() {
    let fields: String = (0..30).map(|field| format!("\"field{field}\":{field},")).collect();
    let rows: String = (1..500)
        .map(|row| format!(",\"broker-{row}\":{{\"address\":\"10.0.0.{row}:10911\",\"table\":{{\"$ref\":\"$.t.b.table\"}}}}"))
        .collect();
    let text = format!("{{\"t\":{{\"b\":{{\"address\":\"a\",\"table\":{{{fields}}}}}{rows}}}}}");
    #[derive(Deserialize)]
    struct Tables {
        t: BTreeMap<String, Broker>,
    }
    #[derive(Deserialize)]
    struct Broker {
        table: BTreeMap<String, i64>,
    }
    let tables = read::<Tables>(&text).0.unwrap().t;
    assert!(tables.len() == 500 && tables.values().all(|broker| broker.table.len() == 30));
}

#[test]
fn numbers_in_a_lenient_array_cost_no_more_than_in_a_strict_one() {
    let strict = repeat("[1", ",1", ROWS, "]");
    let lenient = repeat("[1", ",1", ROWS, ",]");
    let (numbers, in_strict) = read::<Vec<i64>>(&strict);
    assert_eq!(numbers.unwrap().len(), ROWS + 1);
    let (numbers, in_lenient) = read::<Vec<i64>>(&lenient);
    assert_eq!(numbers.unwrap().len(), ROWS + 1);
    assert!(in_lenient.bytes_max <= in_strict.bytes_max + CONSTANT, "{in_lenient:?} {in_strict:?}");
}

#[test]
fn the_index_of_a_lenient_body_takes_twelve_bytes_per_array_or_object() {
    // While the index grows, the old one exists next to the new one, which is up to twice as large as needed.
    let growing = 3;
    for (text, container) in [
        (repeat("[0", ",0", ROWS, ",]"), 2 * ROWS as u64),
        (repeat("[0", ",[]", ROWS, ",]"), 3),
        (repeat("[0", ",{}", ROWS, ",]"), 3),
        (repeat("{a:0", ",a:0", ROWS, ",}"), 4 * ROWS as u64),
        (repeat("[0", ",{{}:[]}", ROWS, ",]"), 3),
    ] {
        assert!(
            peak::<IgnoredAny>(&text) <= growing * 12 / container,
            "{text:.20}: {}",
            peak::<IgnoredAny>(&text)
        );
    }
}

#[test]
fn unknown_members_of_a_struct_cost_nothing() {
    let text = repeat("{n:1", ",a:0", ROWS, ",n:2,}");
    assert_eq!(peak::<Named>(&text), 0);
    assert_eq!(read::<Named>(&text).0.unwrap().n, 2);
}

#[test]
fn repeated_members_cost_at_most_four_bytes_each() {
    let text = repeat("{n:1", ",n:1", ROWS, ",n:2,}");
    assert!(peak::<Named>(&text) <= 3, "{}", peak::<Named>(&text));
    assert_eq!(read::<Named>(&text).0.unwrap().n, 2);
}
