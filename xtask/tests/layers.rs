//! The layers hold: each crate depends on the layer directly below it, and the codec on nothing that does
//! I/O.

#![allow(clippy::expect_used, reason = "a test that cannot go on may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// From the wire up.
const LAYERS: [&str; 4] = ["remoting-protocol", "remoting-transport", "remoting-rpc", "remoting"];

/// Crates of I/O, tasks, clocks, threads or randomness; a codec needs none.
const NOT_FOR_A_CODEC: [&str; 11] = [
    "async-io",
    "chrono",
    "futures",
    "libc",
    "mio",
    "parking_lot",
    "rand",
    "rustls",
    "socket2",
    "tokio",
    "tracing",
];

/// The crates that a crate is built from with all its features, up to a depth.
fn dependencies(name: &str, depth: &str) -> BTreeSet<String> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    // For the platform that is built on: a build here never downloads the packages of others.
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--manifest-path", manifest, "--package", name])
        .args(["--all-features", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .args(["--depth", depth])
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    // The crate itself comes first.
    lines.lines().skip(1).filter_map(|line| Some(line.split_whitespace().next()?.to_owned())).collect()
}

#[test]
fn each_crate_depends_on_the_layer_directly_below_and_no_other() {
    for (place, layer) in LAYERS.iter().enumerate() {
        let mut layers = dependencies(layer, "1");
        layers.retain(|name| LAYERS.contains(&name.as_str()));
        let below: BTreeSet<_> =
            place.checked_sub(1).map(|below| LAYERS[below].to_owned()).into_iter().collect();
        assert_eq!(layers, below, "the layers that {layer} depends on");
    }
}

#[test]
fn what_stands_beside_the_layers_depends_on_one_of_them() {
    let of_the_project = |name| {
        let mut found = dependencies(name, "1");
        found.retain(|name| name.starts_with("remoting"));
        found
    };
    assert_eq!(of_the_project("remoting-model"), BTreeSet::from(["remoting-protocol".to_owned()]));
    assert_eq!(of_the_project("remoting-build"), BTreeSet::from(["remoting-protocol".to_owned()]));
    assert_eq!(of_the_project("remoting-service"), BTreeSet::from(["remoting-rpc".to_owned()]));
    assert_eq!(of_the_project("remoting-namesrv"), BTreeSet::from(["remoting".to_owned()]));
}

#[test]
fn the_facade_adds_nothing_to_what_it_exports() {
    let exported = ["remoting-model", "remoting-rpc", "remoting-service"];
    assert_eq!(dependencies("remoting", "1"), BTreeSet::from(exported.map(str::to_owned)));
}

#[test]
fn the_codec_is_built_from_nothing_that_does_io() {
    let reached = dependencies("remoting-protocol", "1000");
    assert!(
        reached.contains("bytes") && reached.contains("serde_core"),
        "the graph is followed: {reached:?}"
    );
    for name in NOT_FOR_A_CODEC {
        assert!(!reached.contains(name), "remoting-protocol reaches {name}");
    }
}

/// The lines of a crate's sources, below one folder, that hold a word; in any case.
fn lines_with(word: &str, folder: &str) -> Vec<String> {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder)];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a readable folder");
            open.extend(entries.map(|entry| entry.expect("a readable folder").path()));
        } else {
            let text = fs::read_to_string(&path).expect("a readable source");
            let lines = text.lines().filter(|line| line.to_lowercase().contains(word));
            found.extend(lines.map(|line| format!("{}: {line}", path.display())));
        }
    }
    found
}

#[test]
fn the_transport_does_not_know_what_pairs_a_response_with_its_request() {
    assert_eq!(lines_with("opaque", "crates/remoting-transport/src"), [""; 0]);
}

/// The lines of code of a folder of the transport that hold a word; not comments, and not tests, which have no socket
/// but need the type of one.
fn code_with(word: &str, folder: &str) -> Vec<String> {
    let mut lines = lines_with(word, &format!("crates/remoting-transport/src/{folder}"));
    lines.retain(|line| {
        let (file, code) = line.split_once(": ").expect("a file and a line");
        !file.ends_with("/tests.rs") && !code.trim_start().starts_with("//")
    });
    lines
}

#[test]
fn the_machine_the_pipeline_and_the_handlers_do_no_io_and_wake_nobody() {
    for folder in ["machine", "pipeline", "handler"] {
        for word in ["tokio", "waker", "now()"] {
            let mut lines = code_with(word, folder);
            lines.retain(|line| word != "now()" || line.contains("Instant::now()"));
            assert_eq!(lines, [""; 0], "{word} in {folder}/");
        }
    }
}

#[test]
fn the_machine_and_the_pipeline_hold_no_lock() {
    for folder in ["machine", "pipeline"] {
        // Of the channel they know the handle, and not its queue, which has a lock.
        for word in ["parking_lot", "mutex", "outbound()"] {
            assert_eq!(code_with(word, folder), [""; 0], "{word} in {folder}/");
        }
    }
}

#[test]
fn a_word_in_the_code_is_found() {
    assert!(!code_with("parking_lot", "channel").is_empty());
    assert!(!code_with("tokio", "driver").is_empty());
}
