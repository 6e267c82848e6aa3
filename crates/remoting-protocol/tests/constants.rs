//! Codes, languages and versions equal those of Java. `tests/constants` has the output of each Java artifact.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use remoting_protocol::{LanguageCode, MqVersion, RequestCode, ResponseCode};

const RELEASES: [&str; 4] = ["4.9.8", "5.3.3", "5.5.0", "5.5.1"];
const NEWEST: &str = "5.5.1";

/// Returns the constants of one kind in a release of Java.
fn of_java(release: &str, kind: &str) -> BTreeSet<(i32, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/constants/java-{release}.txt"));
    let constants: BTreeSet<_> = fs::read_to_string(path)
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix(kind)?.strip_prefix(' ')?.split_once(' '))
        .map(|(number, name)| (number.parse().unwrap(), name.to_owned()))
        .collect();
    assert!(constants.len() > 10, "{release} has {} of {kind}", constants.len());
    constants
}

/// Returns the constants only in `ours`, and those only in `theirs`.
fn differences(ours: &BTreeSet<(i32, String)>, theirs: &BTreeSet<(i32, String)>) -> [Vec<(i32, String)>; 2] {
    [ours.difference(theirs).cloned().collect(), theirs.difference(ours).cloned().collect()]
}

fn named(constants: &[(i32, &str)]) -> Vec<(i32, String)> {
    constants.iter().map(|(number, name)| (*number, (*name).to_owned())).collect()
}

#[test]
fn request_codes_equal_those_of_every_release() {
    let ours = RequestCode::ALL.iter().map(|code| (code.0, code.name().unwrap().to_owned())).collect();
    let only_in_4_9 = named(&[
        (50, "UPDATE_AND_CREATE_ACL_CONFIG"),
        (51, "DELETE_ACL_CONFIG"),
        (52, "GET_BROKER_CLUSTER_ACL_INFO"),
        (53, "UPDATE_GLOBAL_WHITE_ADDRS_CONFIG"),
    ]);
    assert_eq!(differences(&ours, &of_java(NEWEST, "request")), [only_in_4_9, vec![]]);
    for release in RELEASES {
        let [_, missing] = differences(&ours, &of_java(release, "request"));
        assert_eq!(missing, [], "{release}");
    }
}

#[test]
fn response_codes_equal_those_of_every_release_except_numbers_that_5_x_reuses() {
    let ours = ResponseCode::ALL.iter().map(|code| (code.0, code.name().unwrap().to_owned())).collect();
    assert_eq!(differences(&ours, &of_java(NEWEST, "response")), [vec![], vec![]]);
    for release in RELEASES {
        let [_, missing] = differences(&ours, &of_java(release, "response"));
        let used_again = named(&[
            (209, "UPDATE_AND_CREATE_ACL_CONFIG_FAILED"),
            (210, "DELETE_ACL_CONFIG_FAILED"),
            (211, "UPDATE_GLOBAL_WHITE_ADDRS_CONFIG_FAILED"),
        ]);
        assert_eq!(missing, if release == "4.9.8" { used_again } else { vec![] }, "{release}");
    }
}

#[test]
fn no_release_has_a_code_from_20_000_to_32_767() {
    for release in RELEASES {
        for kind in ["request", "response"] {
            assert!(of_java(release, kind).iter().all(|(number, _)| !(20_000..=32_767).contains(number)));
        }
    }
}

#[test]
fn languages_equal_those_of_every_release() {
    let ours =
        LanguageCode::ALL.iter().map(|code| (code.0.into(), code.name().unwrap().to_owned())).collect();
    assert_eq!(differences(&ours, &of_java(NEWEST, "language")), [vec![], vec![]]);
    for release in RELEASES {
        let [unknown, missing] = differences(&ours, &of_java(release, "language"));
        let node_js = if release == "4.9.8" { named(&[(13, "NODE_JS")]) } else { vec![] };
        assert_eq!((unknown, missing), (node_js, vec![]), "{release}");
    }
}

#[test]
fn versions_equal_those_of_every_release() {
    let ours: BTreeSet<_> =
        (0..=MqVersion::HIGHER_VERSION.0).map(|number| (number, MqVersion(number).name().unwrap())).collect();
    for release in RELEASES {
        assert_eq!(differences(&ours, &of_java(release, "version")), [vec![], vec![]], "{release}");
    }
    assert!(ours.contains(&(MqVersion::V5_5_1.0, "V5_5_1".to_owned())));
}
