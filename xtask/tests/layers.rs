//! The layers hold: each crate depends on the layer directly below it, and the codec on nothing that does
//! I/O.

#![allow(clippy::expect_used, reason = "a test that cannot go on may panic")]

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

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

/// What `cargo metadata` says, as far as it matters here.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    id: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `None`: what the crate itself needs; else `dev` or `build`.
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Deserialize)]
struct EdgeKind {
    kind: Option<String>,
}

impl Metadata {
    fn read() -> Self {
        // Without the packages of other platforms, which a build here never downloads.
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--all-features", "--offline", "--locked"])
            .args(["--filter-platform", &host()])
            .args(["--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml")])
            .output()
            .expect("cargo starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("the format of version 1")
    }

    fn package(&self, name: &str) -> &Package {
        self.packages.iter().find(|package| package.name == name).expect(name)
    }

    /// What a crate needs to be built, without what its tests need.
    fn normal_dependencies(&self, name: &str) -> BTreeSet<&str> {
        let dependencies = self.package(name).dependencies.iter();
        dependencies
            .filter(|dependency| dependency.kind.is_none())
            .map(|dependency| &*dependency.name)
            .collect()
    }

    /// All crates that a crate is built from, with all its features.
    fn reachable(&self, name: &str) -> BTreeSet<&str> {
        let nodes: HashMap<&str, &Node> = self.resolve.nodes.iter().map(|node| (&*node.id, node)).collect();
        let names: HashMap<&str, &str> =
            self.packages.iter().map(|package| (&*package.id, &*package.name)).collect();
        let mut open = vec![&*self.package(name).id];
        let mut reached = BTreeSet::new();
        while let Some(id) = open.pop() {
            if reached.insert(names[id]) {
                let edges = nodes[id].deps.iter();
                let normal = edges.filter(|edge| edge.dep_kinds.iter().any(|kind| kind.kind.is_none()));
                open.extend(normal.map(|edge| &*edge.pkg));
            }
        }
        reached
    }
}

/// The platform that is built on, as `x86_64-unknown-linux-gnu`.
fn host() -> String {
    let output = Command::new(env!("CARGO")).arg("-vV").output().expect("cargo starts");
    let about = String::from_utf8(output.stdout).expect("UTF-8");
    about.lines().find_map(|line| line.strip_prefix("host: ")).expect("a line for the host").to_owned()
}

#[test]
fn each_crate_depends_on_the_layer_directly_below_and_no_other() {
    let metadata = Metadata::read();
    for (place, layer) in LAYERS.iter().enumerate() {
        let dependencies = metadata.normal_dependencies(layer);
        let layers: Vec<_> = dependencies.into_iter().filter(|name| name.starts_with("remoting")).collect();
        let below: Vec<_> = place.checked_sub(1).map(|below| LAYERS[below]).into_iter().collect();
        assert_eq!(layers, below, "the layers that {layer} depends on");
    }
}

#[test]
fn the_facade_adds_nothing_to_the_layer_below() {
    assert_eq!(Metadata::read().normal_dependencies("remoting"), BTreeSet::from(["remoting-rpc"]));
}

#[test]
fn the_codec_is_built_from_nothing_that_does_io() {
    let metadata = Metadata::read();
    let reached = metadata.reachable("remoting-protocol");
    assert!(reached.contains("bytes"), "the graph is followed");
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

#[test]
fn the_machine_the_pipeline_and_the_handlers_do_no_io() {
    for folder in ["machine", "pipeline", "handler"] {
        let mut lines = lines_with("tokio", &format!("crates/remoting-transport/src/{folder}"));
        // Tests have no socket but need the type of one.
        lines.retain(|line| !line.contains("/tests.rs:"));
        assert_eq!(lines, [""; 0]);
    }
}
