//! The `$ref` of fastjson 1.

use super::*;

#[test]
fn a_queue_with_the_same_offsets_refers_to_the_earlier_one() {
    // Written by 4.9.8 and 5.3.3; 5.5.0 reads null here.
    let stats: ConsumeStats = read(
        r#"{"consumeTps":0.0,"offsetTable":{{"brokerName":"b","queueId":0,"topic":"T"}:{"brokerOffset":5},{"brokerName":"b","queueId":1,"topic":"T"}:{"$ref":"$.offsetTable.MessageQueue\\ \\[topic\\=T\\,\\ brokerName\\=b\\,\\ queueId\\=0\\]"}}}"#,
    );
    assert_eq!(stats.offset_table[&MessageQueue::new("b", 1, "T")].broker_offset, 5);
}

#[test]
fn references_pass_through_fields_elements_and_keys_of_all_kinds() {
    let rows: BTreeMap<String, BTreeMap<String, Vec<i32>>> = read(
        r#"{"a":{"x":[1],"y%z":[2],"7":[3]},"b":{"r":{"$ref":"$.a.x"},"s":{"$ref":"$.a.y\\%z"},"t":{"$ref":"$.a[7]"},"u":{"$ref":"$.a.7"}}}"#,
    );
    assert_eq!(rows["b"].values().map(|row| row[0]).collect::<Vec<_>>(), [1, 2, 3, 3]);

    let list: Vec<OffsetWrapper> = read(r#"[{"pullOffset":1},{"$ref":"$[0]"},{"$ref":"$[1]"}]"#);
    assert_eq!(list.iter().map(|row| row.pull_offset).collect::<Vec<_>>(), [1, 1, 1]);
}

#[test]
fn a_reference_to_an_unfinished_value_is_an_error() {
    for path in ["$", "@", "..", "$[1]", "$[2]", "$[9]", "$.x", "", "x", "$["] {
        let error = rejection::<Vec<OffsetWrapper>>(&format!(r#"[{{}},{{"$ref":"{path}"}},{{}}]"#));
        assert!(error.to_string().contains("$[1]"), "{error}");
    }
}

#[test]
fn an_object_with_more_than_a_reference_is_a_plain_object() {
    let map: Vec<BTreeMap<String, String>> = read(r#"[{"$ref":"$","a":"b"},{"a":"$ref"}]"#);
    assert_eq!(map[0]["$ref"], "$");
}

#[test]
fn references_to_references_cannot_multiply_without_bound() {
    let mut rows = vec![format!("['{}']", "x".repeat(10_000))];
    for row in 0..40 {
        rows.push(format!("[{0},{0},{0},{0}]", format_args!(r#"{{"$ref":"$[{row}]"}}"#)));
    }
    let error = rejection::<serde_json::Value>(&format!("[{}]", rows.join(",")));
    assert!(error.to_string().contains("repeat too much"), "{error}");
}

#[test]
fn references_to_references_cannot_nest_without_bound() {
    let mut rows = vec![String::from("[]")];
    for row in 0..5_000 {
        rows.push(format!(r#"[{{"$ref":"$[{row}]"}}]"#));
    }
    let error = rejection::<serde_json::Value>(&format!("[{}]", rows.join(",")));
    assert!(error.to_string().contains("nest deeper"), "{error}");
}

#[test]
fn many_references_cost_no_more_than_linear_time() {
    let table: Vec<String> = (0..50_000).map(|key| format!("{key}:{{}}")).collect();
    let rows = r#"{"$ref":"$[0].49999"},"#.repeat(50_000);
    let read: Vec<serde_json::Value> = read(&format!("[{{{}}},{rows}]", table.join(",")));
    assert_eq!(read.len(), 50_001);
}

#[test]
fn an_object_in_a_string_may_not_contain_references() {
    rejection::<HashMap<MessageQueue, i64>>(
        r#"{"{\"topic\":\"T\",\"queueId\":1,\"brokerName\":[\"b\",{\"$ref\":\"$.topic\"}]}":1,"x":{"$ref":"$"}}"#,
    );
}
