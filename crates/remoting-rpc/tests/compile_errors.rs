//! What the compiler says about methods that are no handlers. Each case is a file, whose first lines are texts of the
//! error. A case without such lines compiles.
//!
//! The test compares texts, not whole messages, which differ between compilers.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Returns the library that was built last, which is the one that this test is linked with, or one like it.
fn library(deps: &Path) -> PathBuf {
    let libraries = fs::read_dir(deps).unwrap().map(|entry| entry.unwrap()).filter(|entry| {
        let name = entry.file_name().into_string().unwrap();
        name.starts_with("libremoting_rpc-") && name.ends_with(".rlib")
    });
    libraries.max_by_key(|entry| entry.metadata().unwrap().modified().unwrap()).unwrap().path()
}

/// Returns the errors of a case, or nothing if it compiles.
fn errors(case: &str, deps: &Path, library: &Path) -> String {
    let prelude = include_str!("compile_errors/prelude.rs");
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let source = dir.join("handler.rs");
    fs::write(&source, format!("{prelude}\n{case}")).unwrap();
    let output = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--edition=2024", "--crate-type=lib", "--emit=metadata", "--color=never", "--out-dir"])
        .arg(dir)
        .arg(format!("-Ldependency={}", deps.display()))
        .arg(format!("--extern=remoting_rpc={}", library.display()))
        .arg(&source)
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.success(), errors.is_empty(), "{errors}");
    errors.replace("remoting_rpc::", "").replace("remoting_protocol::", "")
}

#[test]
fn an_error_says_what_is_wrong_with_a_handler() {
    let executable = env::current_exe().unwrap();
    let deps = executable.parent().unwrap();
    let library = library(deps);
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/compile_errors");
    let mut cases: Vec<_> = fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    for path in cases.iter().filter(|path| !path.ends_with("prelude.rs")) {
        let case = fs::read_to_string(path).unwrap();
        let errors = errors(&case, deps, &library);
        let mut texts = case.lines().map_while(|line| line.strip_prefix("//~ ")).peekable();
        assert_eq!(texts.peek().is_none(), errors.is_empty(), "{}\n{errors}", path.display());
        for text in texts {
            assert!(errors.contains(text), "{} lacks `{text}`\n{errors}", path.display());
        }
    }
}
