//! The text of each error: it names the methods and says what to do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::error::Error as _;
use std::fs;

use remoting_build::{Builder, Error, Fault, configure};

/// Compiles a package `p` with these declarations.
fn compile(builder: Builder, declarations: &str) -> Result<(), Error> {
    let folder = tempfile::tempdir().unwrap();
    let file = format!(
        "syntax = \"proto3\"; package p; import \"remoting/options.proto\"; import \"google/protobuf/empty.proto\"; \
         message M {{}} {declarations}"
    );
    fs::write(folder.path().join("p.proto"), file).unwrap();
    builder.out_dir(folder.path()).compile(&["p.proto"], &[folder.path()])
}

fn error(builder: Builder, declarations: &str) -> Error {
    compile(builder, declarations).unwrap_err()
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
fn each_fault_names_another_free_code() {
    let methods = "rpc A(M) returns (M); rpc B(M) returns (M) { option (remoting.code) = 20001; } rpc C(M) returns (M); \
                   rpc D(M) returns (M) { option (remoting.code) = 10; } rpc E(M) returns (M) { option (remoting.code) = 20001; } \
                   rpc F(M) returns (M) { option (remoting.code) = -1; }";
    let error = error(configure(), &format!("service S {{ {methods} }}"));
    let mut codes: Vec<_> = error
        .faults()
        .iter()
        .map(|fault| match fault {
            Fault::MissingCode { free, .. }
            | Fault::DoubledCode { free, .. }
            | Fault::RocketmqCode { free, .. }
            | Fault::CodeOutOfRange { free, .. } => *free,
            other => panic!("{other}"),
        })
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, [20_000, 20_002, 20_003, 20_004, 20_005]);
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
        "the service p.S needs the name `SServer` for what is generated from it, and p.SServer needs it too: rename one of \
         them, or move one of them to another package"
    );
}

const GREETER: &str = "service Greeter { rpc A(M) returns (M) { option (remoting.code) = 20000; } }";

/// Returns the names in Rust that the service `Greeter` and other declarations need.
fn taken(builder: Builder, others: &str) -> Vec<(String, String)> {
    let error = error(builder, &format!("{GREETER} {others}"));
    let names = error.faults().iter().map(|fault| match fault {
        Fault::NameTaken { name, other, .. } => (name.clone(), other.clone()),
        other => panic!("{other}"),
    });
    names.collect()
}

#[test]
fn a_message_whose_name_in_rust_is_that_of_what_is_generated() {
    for name in ["greeter_client", "Greeter_Client", "greeterClient"] {
        let names = taken(configure(), &format!("message {name} {{}}"));
        assert_eq!(names, [("GreeterClient".to_owned(), format!("p.{name}"))]);
    }
}

#[test]
fn a_message_with_a_module_that_has_the_name_of_what_is_generated() {
    for inside in ["message Inner {}", "enum Inner { ZERO = 0; }", "oneof inner { int32 a = 1; }"] {
        let names = taken(configure(), &format!("message GreeterMethods {{ {inside} }}"));
        assert_eq!(names, [("greeter_methods".to_owned(), "p.GreeterMethods".to_owned())]);
    }
    // Neither has a module.
    let message = "message GreeterMethods { map<int32, M> map = 1; optional int32 number = 2; }";
    compile(configure(), &format!("{GREETER} {message}")).unwrap();
}

#[cfg(feature = "tonic")]
#[test]
fn a_message_with_a_module_that_has_the_name_of_tonics() {
    let names = taken(configure().tonic(true), "message greeter_Server { message Inner {} }");
    let other = "p.greeter_Server".to_owned();
    assert_eq!(names, [("GreeterServer".to_owned(), other.clone()), ("greeter_server".to_owned(), other)]);
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
        "there is no folder for the generated code: call `.out_dir(…)`, because the environment variable OUT_DIR is not set \
         outside of a build script"
    );
}

#[test]
fn a_folder_that_does_not_exist() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.proto"), "syntax = \"proto3\"; package p; message M {}").unwrap();
    let absent = folder.path().join("absent");
    let error = configure().out_dir(&absent).compile(&["p.proto"], &[folder.path()]).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot write the generated code to {}", absent.display()));
    assert!(error.source().is_some());
}

#[test]
fn a_file_of_descriptors_that_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = "syntax = \"proto3\"; package p; service S {}";
    fs::write(folder.path().join("p.proto"), file).unwrap();
    let absent = folder.path().join("absent");
    let builder = configure().out_dir(&absent).file_descriptor_set(true);
    let error = builder.compile(&["p.proto"], &[folder.path()]).unwrap_err();
    let path = absent.join("p.bin");
    assert_eq!(error.to_string(), format!("cannot write the generated code to {}", path.display()));
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
