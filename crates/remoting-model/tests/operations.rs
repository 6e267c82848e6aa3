//! The table of operations against the codes, their documentation, and the headers of Java.

#![allow(clippy::expect_used, reason = "a test that cannot go on may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use remoting_model::header::GetAllTopicConfigRequestHeader;
use remoting_model::operation::{
    self, GetAllSubscriptionGroupConfig, GetAllTopicConfig, OPERATIONS, WITHOUT_OPERATION,
};
use remoting_protocol::operation::Operation;
use remoting_protocol::{RemotingCommand, RequestCode, ResponseCode};

const RELEASES: [&str; 4] = ["4.9.8", "5.3.3", "5.5.0", "5.5.1"];

#[test]
fn each_code_has_one_operation_or_is_listed_as_without() {
    let mut codes: Vec<_> = OPERATIONS.iter().map(|operation| operation.code).collect();
    codes.extend(WITHOUT_OPERATION);
    codes.sort_unstable();
    let mut all = RequestCode::ALL.to_vec();
    all.sort_unstable();
    assert_eq!(codes, all);
    let names: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
    assert_eq!(names.len(), OPERATIONS.len(), "each name is used once");
}

#[test]
fn an_operation_is_found_by_its_code() {
    for operation in OPERATIONS {
        assert_eq!(operation::info(operation.code).map(|found| found.name), Some(operation.name));
        assert!(operation.content_codes[0].is_success());
        assert!(!operation.sent_by.is_empty() && !operation.answered_by.is_empty());
    }
    assert!(operation::info(RequestCode(20_000)).is_none());
}

/// The headers of a release, each as the words of its line: class, package, code and more.
fn headers(release: &str) -> Vec<Vec<String>> {
    let path = format!("{}/tests/java/{release}/headers.txt", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.lines().map(|line| line.split(' ').map(str::to_owned).collect()).collect()
}

/// Java annotates a header of a request with its code, and by mistake some of responses. Some headers serve further codes.
#[test]
fn the_header_of_a_code_is_the_one_that_java_annotates_with_it() {
    let mut annotated = 0;
    for release in RELEASES {
        for words in headers(release) {
            let (class, Ok(code)) = (&*words[0], words[2].parse::<i32>()) else { continue };
            let operation = operation::info(RequestCode(code)).unwrap_or_else(|| panic!("{code} of {class}"));
            let is_response = class.ends_with("ResponseHeader");
            let content = if is_response { operation.response } else { operation.request };
            let header = content.header.map(|header| header.name());
            assert_eq!(header, Some(class), "{release}: {}", operation.code);
            annotated += 1;
        }
    }
    assert!(annotated > 250, "only {annotated} annotations were compared");
}

/// The headers of Java that no operation has: they have no field, or no release sends them.
const UNUSED_IN_JAVA: [&str; 12] = [
    "CheckTransactionStateResponseHeader",
    "EndTransactionResponseHeader",
    "GetConsumerListByGroupResponseHeader",
    "InitConsumerOffsetRequestHeader",
    "RegisterFilterServerRequestHeader",
    "RegisterFilterServerResponseHeader",
    "RegisterMessageFilterClassRequestHeader",
    "RegisterOrderTopicRequestHeader",
    "StatisticsMessagesRequestHeader",
    "UnregisterClientResponseHeader",
    "UpdateConsumerOffsetResponseHeader",
    "ViewMessageResponseHeader",
];

/// Headers for which Java has no class.
const OWN: [&str; 3] =
    ["HeartbeatResponseHeader", "SetCommitlogReadModeRequestHeader", "SwitchTimerEngineRequestHeader"];

/// The annotation names one code. Headers without it, and further codes of a header, are found in the table only.
#[test]
fn every_header_of_java_belongs_to_an_operation_and_every_operation_has_headers_of_java() {
    let mut ours = BTreeSet::new();
    for operation in OPERATIONS {
        ours.extend(
            [operation.request.header, operation.response.header]
                .into_iter()
                .flatten()
                .map(|header| header.name()),
        );
    }
    let mut java = BTreeSet::new();
    for release in RELEASES {
        java.extend(headers(release).into_iter().map(|words| words[0].clone()));
    }
    let without: Vec<_> = java.iter().filter(|class| !ours.contains(&***class)).collect();
    assert_eq!(without, UNUSED_IN_JAVA);
    let own: Vec<_> = ours.into_iter().filter(|name| !java.contains(*name)).collect();
    assert_eq!(own, OWN);
}

#[test]
fn a_slave_before_5_4_sends_no_header_and_its_master_none_in_return() {
    let request = RemotingCommand::request(RequestCode::GET_ALL_TOPIC_CONFIG);
    assert_eq!(GetAllTopicConfig::from_request(&request).expect("no header").header, None);
    let request = RemotingCommand::request(RequestCode::GET_ALL_SUBSCRIPTIONGROUP_CONFIG);
    assert_eq!(GetAllSubscriptionGroupConfig::from_request(&request).expect("no header").header, None);
    let response = RemotingCommand::response(ResponseCode::SUCCESS).with_body("{}");
    let (header, _) = GetAllSubscriptionGroupConfig::read_response(&response).expect("no header");
    assert_eq!(header, None);

    let header = GetAllTopicConfigRequestHeader { topic_seq: 7, ..Default::default() };
    let request = GetAllTopicConfig { header: Some(header.clone()) }.into_request().expect("is written");
    assert_eq!(request.ext_field("topicSeq"), Some("7"));
    assert_eq!(GetAllTopicConfig::from_request(&request).expect("a header").header, Some(header));
    let request = GetAllTopicConfig { header: None }.into_request().expect("is written");
    assert_eq!(request.ext_fields(), None);

    for operation in OPERATIONS {
        let is_optional = operation.request.header.is_some_and(|header| header.is_optional());
        assert_eq!(is_optional, matches!(operation.code.0, 21 | 201), "{}", operation.code);
    }
}

#[test]
fn the_fields_of_each_header_are_known_at_run_time() {
    for operation in OPERATIONS {
        for header in [operation.request.header, operation.response.header].into_iter().flatten() {
            let schema = header.schema().unwrap_or_else(|error| panic!("{}: {error}", header.name()));
            assert_eq!(schema.name, header.name());
        }
    }
}

/// Reads what `remoting-protocol` documents of each code: the sentence, and the content.
fn documented() -> BTreeMap<String, (String, Option<String>)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../remoting-protocol/src/code/request.rs");
    let source = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let constants = source.split("RequestCode, \"request code\" {").nth(1).expect("the list of codes");
    constants
        .split(";\n")
        .filter_map(|constant| {
            let code: Vec<_> = constant.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            let code = code.join(" ");
            let (name, rest) = code.split_once(" = ")?;
            let mut texts = rest.split('"').skip(1).step_by(2).map(str::to_owned);
            Some((name.trim().to_owned(), (texts.next()?, texts.next())))
        })
        .collect()
}

#[test]
fn the_documentation_of_each_code_has_the_sentence_and_the_content_of_its_operation() {
    let documented = documented();
    assert_eq!(documented.len(), RequestCode::ALL.len());
    for code in RequestCode::ALL {
        let (sentence, content) = &documented[code.name().expect("a constant has a name")];
        let operation = operation::info(*code);
        let expected = operation.map(|operation| format!("{} → {}", operation.request, operation.response));
        assert_eq!(*content, expected, "{code}");
        if let Some(operation) = operation {
            assert_eq!(operation.summary(), sentence, "{code}");
        }
    }
}
