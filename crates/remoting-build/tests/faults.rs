//! The text of each error: it names the methods and says what to do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::fs;

use remoting_build::{Builder, Error, configure};

/// Compiles a package `p` with these declarations, and returns the error.
fn error(builder: Builder, declarations: &str) -> Error {
    let folder = tempfile::tempdir().unwrap();
    let file = format!(
        "syntax = \"proto3\"; package p; import \"remoting/options.proto\"; import \"google/protobuf/empty.proto\"; \
         message M {{}} {declarations}"
    );
    fs::write(folder.path().join("p.proto"), file).unwrap();
    builder.out_dir(folder.path()).compile(&["p.proto"], &[folder.path()]).unwrap_err()
}

/// Compiles a package `p` with a service `S` of these methods, and returns the text of the error.
fn text(builder: Builder, methods: &str) -> String {
    error(builder, &format!("service S {{ {methods} }}")).to_string()
}

#[test]
fn a_method_without_a_code() {
    assert_eq!(
        text(configure(), "rpc A(M) returns (M) { option (remoting.code) = 20000; } rpc B(M) returns (M);"),
        "p.S.B has no request code: write `option (remoting.code) = 20001;` in the method and `import \
         \"remoting/options.proto\";` in its file, or call `.codes([(\"p.S.B\", 20001)])` in build.rs"
    );
}

#[test]
fn a_code_that_two_methods_have() {
    let methods = "rpc A(M) returns (M) { option (remoting.code) = 20000; } rpc B(M) returns (M);";
    assert_eq!(
        text(configure().codes([("p.S.B", 20_000)]), methods),
        "p.S.B and p.S.A have the same request code, 20000: change one of them in its `option (remoting.code)` or in \
         `.codes(…)` in build.rs, for example to 20001"
    );
}

#[test]
fn a_method_with_two_codes() {
    let methods = "rpc A(M) returns (M) { option (remoting.code) = 20000; }";
    assert_eq!(
        text(configure().codes([("p.S.A", 20_001)]), methods),
        "p.S.A has two request codes, 20000 and 20001: remove its `option (remoting.code)`, or its entry in `.codes(…)` in \
         build.rs"
    );
}

#[test]
fn a_code_that_does_not_fit_into_16_bits() {
    for code in [32_768, -1] {
        assert_eq!(
            text(configure(), &format!("rpc A(M) returns (M) {{ option (remoting.code) = {code}; }}")),
            format!(
                "p.S.A has the request code {code}, which is not within 0 to 32767, the range of RocketMQ's headers: change \
                 its `option (remoting.code)`, or its entry in `.codes(…)` in build.rs, for example to 20000"
            )
        );
    }
}

#[test]
fn a_code_of_rocketmq() {
    let methods = "rpc A(M) returns (M) { option (remoting.code) = 10; }";
    assert_eq!(
        text(configure(), methods),
        "p.S.A has the request code 10, which is RocketMQ's SEND_MESSAGE: change its `option (remoting.code)`, or its entry \
         in `.codes(…)` in build.rs, for example to 20000, or call `.allow_rocketmq_codes(true)` in build.rs"
    );
}

#[test]
fn a_code_of_rocketmq_can_be_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let file = "syntax = \"proto3\"; package p; message M {} service S { rpc A(M) returns (M); }";
    fs::write(folder.path().join("p.proto"), file).unwrap();
    let builder = configure().codes([("p.S.A", 10)]).allow_rocketmq_codes(true).out_dir(folder.path());
    builder.compile(&["p.proto"], &[folder.path()]).unwrap();
    assert!(fs::read_to_string(folder.path().join("p.rs")).unwrap().contains(".code(10)"));
}

#[test]
fn a_stream_without_a_mark() {
    for method in ["rpc A(stream M) returns (M);", "rpc A(M) returns (stream M);"] {
        assert_eq!(
            text(configure(), method),
            "p.S.A has a stream, and remoting has none: write `option (remoting.grpc_only) = true;` in the method and `import \
             \"remoting/options.proto\";` in its file, or call `.grpc_only([\"p.S.A\"])` in build.rs"
        );
    }
}

#[test]
fn a_method_over_grpc_alone_with_options_of_remoting() {
    let coded =
        "rpc A(M) returns (M) { option (remoting.grpc_only) = true; option (remoting.code) = 20000; }";
    assert_eq!(
        text(configure(), coded),
        "p.S.A is marked grpc_only, and a request code is for remoting: remove one of the two options in the method or in \
         build.rs"
    );
    let methods = "rpc A(M) returns (google.protobuf.Empty);";
    assert_eq!(
        text(configure().grpc_only(["p.S.A"]).oneway(["p.S.A"]), methods),
        "p.S.A is marked grpc_only, and oneway is for remoting: remove one of the two options in the method or in build.rs"
    );
}

#[test]
fn a_oneway_method_with_a_response() {
    let methods = "rpc A(M) returns (M) { option (remoting.code) = 20000; option (remoting.oneway) = true; }";
    assert_eq!(
        text(configure(), methods),
        "p.S.A is one-way, and returns p.M, which no caller would get: change its response to `google.protobuf.Empty`, or \
         remove `option (remoting.oneway)` from the method, or its entry in `.oneway(…)` in build.rs"
    );
}

#[test]
fn a_method_of_the_build_script_that_does_not_exist() {
    let methods = "rpc A(M) returns (M) { option (remoting.code) = 20000; } rpc B(M) returns (M) { option (remoting.code) = 20001; }";
    for (setting, builder) in [
        ("codes", configure().codes([("p.S.a", 20_002)])),
        ("oneway", configure().oneway(["p.S.a"])),
        ("grpc_only", configure().grpc_only(["p.S.a"])),
    ] {
        assert_eq!(
            text(builder, methods),
            format!(
                "`.{setting}(…)` in build.rs names p.S.a, which no service of the compiled files has: correct the name to one \
                 of p.S.A, p.S.B, add the file of its service to `compile`, or remove the entry"
            )
        );
    }
}

#[test]
fn a_message_with_the_name_of_what_is_generated() {
    let declarations =
        "message SServer {} service S { rpc A(M) returns (M) { option (remoting.code) = 20000; } }";
    assert_eq!(
        error(configure(), declarations).to_string(),
        "the service p.S needs the name `SServer` for what is generated from it, and p.SServer has that name in Rust too: \
         rename one of them, or move one of them to another package"
    );
}

#[test]
fn all_faults_are_listed_each_on_a_line() {
    let error = error(configure(), "service S { rpc A(M) returns (M); rpc B(stream M) returns (M); }");
    assert_eq!(error.faults().len(), 2);
    let text = error.to_string();
    let starts: Vec<_> = text.lines().map(|line| &line[..5]).collect();
    assert_eq!(starts, ["p.S.A", "p.S.B"]);
    assert_eq!(format!("{error:?}"), text, "a build script shows the same");
}

#[test]
fn a_path_of_the_run_time_that_is_not_valid() {
    for path in ["::remoting service", "::remoting::type", "::a::", "a::<b>", "a;", "2a", ""] {
        let error = error(configure().runtime_path(path), "");
        assert!(error.faults().is_empty());
        let text = format!(
            "`{path}` is not the path of a module in Rust: change `.runtime_path(…)` in build.rs, for example to \
             `::remoting::service`"
        );
        assert_eq!((error.to_string(), format!("{error:?}")), (text.clone(), text));
    }
}

#[test]
fn a_file_that_is_not_valid() {
    let error = error(configure(), "service S { rpc A(Nothing) returns (M); }");
    assert!(error.faults().is_empty());
    assert_eq!(error.to_string(), "cannot compile the .proto files");
    let shown = format!("{error:?}");
    assert!(shown.contains("Nothing") && shown.contains("p.proto"), "{shown}");
}

#[test]
fn no_folder_for_the_code() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.proto"), "syntax = \"proto3\"; package p; message M {}").unwrap();
    let error = configure().compile(&["p.proto"], &[folder.path()]).unwrap_err();
    assert_eq!(
        format!("{error:?}"),
        "cannot write the generated code: the environment variable OUT_DIR is not set: call `.out_dir(…)` outside of a build \
         script"
    );
}

#[test]
fn a_file_that_does_not_exist() {
    let folder = tempfile::tempdir().unwrap();
    let error = configure().out_dir(folder.path()).compile(&["absent.proto"], &[folder.path()]).unwrap_err();
    let shown = format!("{error:?}");
    assert!(
        shown.starts_with("cannot compile the .proto files: ") && shown.contains("absent.proto"),
        "{shown}"
    );
}
