use super::super::marks::judge;
use super::super::results::samples;
use super::super::statistics::Sample;
use super::*;

fn document(notes: &str) -> String {
    let mut results = samples::results();
    results.left_out.push("java did not take part: `mvn` is not installed".to_owned());
    results.failed.push("tonic did not answer".to_owned());
    results.marks = judge(&results);
    text(&results, &[Plot { title: "A title", file: "file.svg", svg: String::new() }], &Notes::parse(notes))
}

#[test]
fn it_names_the_machine_and_what_is_missing() {
    let text = document("");
    assert!(text.contains("| CPU | a slow one |"), "{text}");
    assert!(text.contains("| left out | java did not take part: `mvn` is not installed |"), "{text}");
    assert!(text.contains("| failed | tonic did not answer |"), "{text}");
    assert!(text.contains("![A title](benchmarks/file.svg)"), "{text}");
}

#[test]
fn every_mark_has_a_verdict() {
    let text = document("");
    assert!(text.contains("| echo/pinned/1x64/remoting/to raw "), "{text}");
    assert!(text.contains(" missed by 33 % |"), "2 of 3 × tarpc: {text}");
    assert!(text.contains(" reached |"), "{text}");
}

#[test]
fn what_was_written_by_hand_is_beside_the_marks() {
    let text = document("\n## echo/pinned/1x64/remoting runtime/to tarpc\n\nThe profile says: wakers.\n");
    assert!(
        text.contains("* `echo/pinned/1x64/remoting runtime/to tarpc`\n\nThe profile says: wakers.\n"),
        "{text}"
    );
    let (_, unexplained) = text.split_once("not explained yet").expect("others are missed, too");
    assert!(unexplained.contains("* `idle/remoting/used bytes`"), "{unexplained}");
    let (unexplained, _) = unexplained.split_once("## Numbers").unwrap();
    assert!(!unexplained.contains("to tarpc"), "{unexplained}");
}

#[test]
fn what_is_known_of_the_machine_is_above_the_numbers() {
    assert!(!document("").contains("in `echo/pinned/1x1`"), "there was no such case");
    let mut results = samples::results();
    results.echo[0].name = "echo/pinned/1x1".to_owned();
    let text = text(&results, &[], &Notes::parse("\n## this machine\n\nA guest.\n"));
    assert!(text.contains("`raw` takes 30.0 µs"), "{text}");
    assert!(text.contains("\nA guest.\n"), "{text}");
}

#[test]
fn a_row_that_waits_for_delayed_acknowledgements_is_named_above_the_numbers() {
    let mut results = samples::results();
    results.echo[0].rows[3].p99_us = Sample::of([43_000.0, 43_100.0, 43_200.0]);
    let text = text(&results, &[], &Notes::parse(""));
    assert!(text.contains("| **a fault of the benchmark** | tarpc in echo/pinned/1x64 waits for"), "{text}");
}

#[test]
fn a_file_is_replaced_as_a_whole() {
    let directory = std::env::temp_dir().join(format!("remoting-document-{}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    let path = directory.join("benchmarks.md");
    for text in ["a long text", "short"] {
        write_whole(&path, text).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 1, "nothing is left beside it");
    fs::remove_dir_all(&directory).unwrap();
}
