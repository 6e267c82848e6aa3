//! The generated code is that of the files in `snapshots/`. After an intended change, the environment variable
//! `REMOTING_BUILD_SNAPSHOTS=write` writes them again.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::path::{Path, PathBuf};
use std::{env, fs};

use remoting_build::Builder;
use tempfile::TempDir;

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// Generates a file's code, and returns the folder with it.
fn generate(builder: Builder, proto: &str) -> TempDir {
    let out_dir = tempfile::tempdir().unwrap();
    builder.out_dir(out_dir.path()).compile(&[proto], &[tests().join("protos")]).unwrap();
    out_dir
}

/// Compares generated code with a snapshot.
fn compare(generated: &Path, snapshot: &str) {
    let generated = fs::read_to_string(generated).unwrap();
    let path = tests().join("snapshots").join(snapshot);
    if env::var_os("REMOTING_BUILD_SNAPSHOTS").is_some_and(|value| value == "write") {
        fs::write(&path, &generated).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    let mut lines = (1..).zip(expected.lines().zip(generated.lines()));
    if let Some((number, (expected, generated))) =
        lines.find(|(_, (expected, generated))| expected != generated)
    {
        panic!("line {number} of {snapshot} is\n{expected}\nand what is generated is\n{generated}");
    }
    assert_eq!(expected.lines().count(), generated.lines().count(), "the lines of {snapshot}");
}

#[test]
fn a_service_over_remoting_is_generated_as_recorded() {
    let out_dir = generate(remoting_build::configure(), "greeter.proto");
    compare(&out_dir.path().join("helloworld.rs"), "remoting.rs");
}

#[test]
fn without_tonic_methods_over_grpc_alone_are_left_out() {
    let out_dir = generate(remoting_build::configure(), "feed.proto");
    let code = fs::read_to_string(out_dir.path().join("feed.v1.rs")).unwrap();
    assert!(code.contains("fn latest("), "{code}");
    for absent in ["fn followers(", "fn follow(", "Streaming", "tonic"] {
        assert!(!code.contains(absent), "{absent} in {code}");
    }
}

#[test]
fn a_service_of_an_imported_file_is_not_generated() {
    let out_dir = generate(remoting_build::configure(), "feed.proto");
    let code = fs::read_to_string(out_dir.path().join("helloworld.rs")).unwrap();
    assert!(code.contains("pub struct HelloReply"), "{code}");
    assert!(!code.contains("Greeter"), "{code}");
}

#[test]
fn only_packages_with_code_have_a_file() {
    let out_dir = generate(remoting_build::configure(), "feed.proto");
    let entries = fs::read_dir(out_dir.path()).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["feed.v1.rs", "helloworld.rs"]);
}

#[test]
fn the_runtime_can_have_another_path() {
    let out_dir = generate(remoting_build::configure().runtime_path("::remoting_service"), "greeter.proto");
    let code = fs::read_to_string(out_dir.path().join("helloworld.rs")).unwrap();
    assert!(code.contains("::remoting_service::Call") && !code.contains("::remoting::"), "{code}");
}

#[cfg(feature = "tonic")]
mod tonic {
    use super::*;

    /// Leaves out the modules that are tonic's own: they change with it.
    fn without_tonics_own(file: &Path) -> PathBuf {
        let code = fs::read_to_string(file).unwrap();
        let end = code.find("/// Generated client implementations.").unwrap();
        let rest = code.find("/// The encoded descriptors").map_or("", |start| &code[start..]);
        let shortened = file.with_extension("short");
        fs::write(&shortened, format!("{}{rest}", &code[..end])).unwrap();
        shortened
    }

    #[test]
    fn a_service_over_both_protocols_is_generated_as_recorded() {
        let builder = remoting_build::configure().tonic(true).file_descriptor_set(true);
        let out_dir = generate(builder, "feed.proto");
        compare(&without_tonics_own(&out_dir.path().join("feed.v1.rs")), "grpc.rs");
    }

    #[test]
    fn the_descriptor_set_names_all_files() {
        let builder = remoting_build::configure().tonic(true).file_descriptor_set(true);
        let out_dir = generate(builder, "feed.proto");
        let encoded = fs::read(out_dir.path().join("feed.v1.bin")).unwrap();
        let names =
            ["feed.proto", "greeter.proto", "remoting/options.proto", "google/protobuf/timestamp.proto"];
        for name in names {
            assert!(encoded.windows(name.len()).any(|window| window == name.as_bytes()), "{name}");
        }
    }
}
