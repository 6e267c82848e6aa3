//! Bodies that are not JSON, against what Java's classes read and write.

#![allow(clippy::expect_used, reason = "a test that cannot go on may panic")]

use std::fs;

use remoting_model::body::{
    AccAndTimeStamp, ColdDataFlowCtrInfo, DataVersion, PropertiesText, TimerCheckpoint, TopicConfig,
};
use remoting_protocol::operation::CommandBody;
use remoting_protocol::properties::PropertiesError;
use remoting_protocol::{BodyError, RemotingCommand, RequestCode, ResponseCode};

const RELEASES: [&str; 4] = ["4.9.8", "5.3.3", "5.5.0", "5.5.1"];

/// The lines of a release that start with a word, without it.
fn lines(release: &str, word: &str) -> Vec<String> {
    let path = format!("{}/tests/java/{release}/forms.txt", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let lines = text.lines().filter_map(|line| line.strip_prefix(word)?.strip_prefix(' '));
    lines.map(str::to_owned).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    (0..hex.len()).step_by(2).map(digit).collect()
}

fn text(hex: &str) -> String {
    String::from_utf8(bytes(hex)).expect("UTF-8")
}

#[test]
fn the_text_of_a_topic_is_read_and_written_as_by_java() {
    for release in RELEASES {
        let lines = lines(release, "topic");
        assert_eq!(lines.len(), 12);
        for line in lines {
            let (written, java) = line.split_once(' ').expect("a text and the result");
            let ours = TopicConfig::from_text(&text(written));
            match java {
                "error" => assert!(ours.is_err(), "{:?}", text(written)),
                // 4.9 refuses attributes, which its own brokers do not write.
                "false" => assert!(ours.is_err() || release == "4.9.8", "{:?}", text(written)),
                java => {
                    let java = text(java);
                    let ours = ours.unwrap_or_else(|error| panic!("{error}"));
                    assert_eq!(TopicConfig::from_text(&java).as_ref(), Ok(&ours), "{:?}", text(written));
                    if release != "4.9.8" && !ours.topic_name.is_empty() {
                        assert_eq!(ours.to_text().as_deref(), Ok(&*java));
                    }
                }
            }
        }
    }
}

/// Reads keys and values of a file in UTF-16, as recorded.
fn utf16(file: &[u8]) -> Result<String, PropertiesError> {
    let units = |text: &str| text.encode_utf16().map(|unit| format!("{unit:04x}")).collect::<String>();
    let file = PropertiesText::from_latin1(file)?;
    Ok(file.iter().map(|(key, value)| format!(" {}={}", units(key), units(value))).collect())
}

/// Java keeps half of a character, which is no text here.
fn has_half_a_character(pairs: &str) -> bool {
    pairs.split([' ', '=']).any(|text| {
        let units = bytes(text);
        let units = units.chunks(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]]));
        char::decode_utf16(units).any(|char| char.is_err())
    })
}

#[test]
fn properties_are_read_as_by_java() {
    let (mut read, mut refused) = (0, 0);
    // The entries are those of the JDK, whatever the release.
    for line in lines("5.5.1", "properties") {
        let (file, java) = line.split_at(line.find(' ').unwrap_or(line.len()));
        let file = bytes(file);
        let ours = utf16(&file);
        if java == " error" || has_half_a_character(java) {
            assert!(ours.is_err(), "{:?}", String::from_utf8_lossy(&file));
            refused += 1;
        } else {
            assert_eq!(ours.as_deref(), Ok(java), "{:?}", String::from_utf8_lossy(&file));
            read += 1;
        }
    }
    assert!(read > 250 && refused >= 3, "{read} were read, {refused} refused");
}

#[test]
fn what_is_written_is_what_java_was_given_to_read() {
    let properties = PropertiesText::from_iter([
        ("listenPort", "9876"),
        ("namesrvAddr", "a:1;b=2"),
        ("path", r"C:\new"),
        ("blank", "  x "),
        ("#a b=c:d!", "#!"),
        ("lines", "a\r\n\tb\x0C"),
        ("\u{e4}", "\u{1f600}\u{7f}"),
        ("", ""),
    ]);
    let mut request = RemotingCommand::request(RequestCode::UPDATE_BROKER_CONFIG);
    let body = properties.clone().encode(&mut request).expect("is written");
    let request = request.with_body(body);
    assert_eq!(PropertiesText::decode(&request).as_ref(), Ok(&properties));
    let recorded = lines("5.5.1", "properties");
    let hex: String = request.body().iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(recorded.iter().any(|line| line.split(' ').next() == Some(&*hex)), "Java did not read {hex}");

    for release in RELEASES {
        let plain = PropertiesText::from_iter([("namesrvAddr", "a:1;b=2 #!")]);
        assert_eq!([plain.to_string()], [text(&lines(release, "body")[0])], "as Java writes it");
    }
}

fn with_body(body: &[u8]) -> RemotingCommand {
    RemotingCommand::response(ResponseCode::SUCCESS).with_body(body.to_vec())
}

#[test]
fn a_check_point_of_timer_messages_is_read_and_written_as_by_java() {
    const FIRST: i64 = (1 << 53) + 1;
    let expected = TimerCheckpoint {
        last_read_time_ms: FIRST,
        last_timer_log_flush_pos: FIRST + 1,
        last_timer_queue_offset: FIRST + 2,
        master_timer_queue_offset: FIRST + 3,
        data_version: DataVersion { state_version: FIRST + 4, timestamp: FIRST + 5, counter: FIRST + 6 },
    };
    // 4.9 has no timer messages.
    for release in &RELEASES[1..] {
        let line = lines(release, "checkpoint").remove(0);
        let (java, rewritten) = line.split_once(' ').expect("two times the bytes");
        assert_eq!(java, rewritten, "Java reads what it writes");
        let java = bytes(java);
        assert_eq!(TimerCheckpoint::decode(&with_body(&java)).as_ref(), Ok(&expected), "{release}");
        let mut response = RemotingCommand::response(ResponseCode::SUCCESS);
        let written = expected.clone().encode(&mut response).expect("is written");
        assert_eq!(response.with_body(written).body(), java, "{release}");
    }
}

#[test]
fn a_check_point_may_lack_the_version_and_nothing_else() {
    let numbers: Vec<u8> = (1..=7_i64).flat_map(i64::to_be_bytes).collect();
    let read = TimerCheckpoint::decode(&with_body(&numbers[..32])).expect("without a version");
    assert_eq!((read.master_timer_queue_offset, read.data_version), (4, DataVersion::default()));
    for length in (0..56).filter(|length| *length != 32) {
        let read = TimerCheckpoint::decode(&with_body(&numbers[..length]));
        assert!(matches!(read, Err(BodyError::Invalid { .. })), "{length} bytes: {read:?}");
    }
}

#[test]
fn the_limits_for_cold_data_are_read_as_java_wrote_them() {
    let group = AccAndTimeStamp { cold_acc: 3, create_time_mills: 4, last_cold_read_time_mills: 5 };
    let expected = ColdDataFlowCtrInfo {
        cg_cold_read_threshold: 1,
        config_table: [("limited".to_owned(), 6)].into(),
        global_acc: 0,
        global_cold_read_threshold: 2,
        runtime_table: [("reading".to_owned(), group)].into(),
    };
    // 4.9 does not limit cold data.
    for release in &RELEASES[1..] {
        let java = bytes(&lines(release, "colddata")[0]);
        assert_eq!(ColdDataFlowCtrInfo::decode(&with_body(&java)).as_ref(), Ok(&expected), "{release}");
        let ours = remoting_protocol::body::to_json(&expected).expect("is written");
        let [ours, java] = [&ours[..], &java]
            .map(|json| remoting_protocol::body::from_json::<serde_json::Value>(json).expect("JSON"));
        assert_eq!(ours, java, "{release}");
    }
}

#[cfg(feature = "zlib")]
mod registration {
    use std::io::Read as _;

    use remoting_model::body::{
        RegisterBrokerBody, RegisterBrokerLimits, TopicFilterType, TopicQueueMappingInfo,
    };
    use remoting_protocol::MqVersion;
    use remoting_protocol::body::from_json;

    use super::*;

    fn read(body: &str, version: MqVersion) -> RegisterBrokerBody {
        RegisterBrokerBody::read(&bytes(body), version, RegisterBrokerLimits::default())
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// The registration that the recorder made: with topics, and with static topics.
    fn expected(release: &str, name: &str) -> RegisterBrokerBody {
        let mut body = RegisterBrokerBody::default();
        let wrapper = &mut body.topic_config_serialize_wrapper;
        wrapper.data_version = DataVersion { counter: 3, state_version: 0, timestamp: 1_700_000_000_000 };
        if name == "empty" {
            return body;
        }
        body.filter_server_list.push("10.0.0.1:30000".to_owned());
        let mut second = TopicConfig::new("U");
        (second.read_queue_nums, second.write_queue_nums, second.perm) = (4, 8, 4);
        second.topic_filter_type = TopicFilterType::MultiTag;
        if release != "4.9.8" {
            second.attributes.insert("message.type".to_owned(), "FIFO".to_owned());
        }
        for topic in [TopicConfig::new("T"), second] {
            wrapper.topic_config_table.insert(topic.topic_name.clone(), topic);
        }
        if name == "mappings" {
            let info = TopicQueueMappingInfo {
                bname: "broker-a".to_owned(),
                epoch: 7,
                scope: "__global__".to_owned(),
                topic: "T".to_owned(),
                total_queues: 2,
                ..TopicQueueMappingInfo::default()
            };
            wrapper.topic_queue_mapping_info_map.insert("T".to_owned(), info);
        }
        body
    }

    #[test]
    fn both_forms_of_a_registration_are_read_as_java_wrote_them() {
        for release in RELEASES {
            let lines = lines(release, "registration");
            assert_eq!(lines.len(), if release == "4.9.8" { 2 } else { 3 });
            for line in lines {
                let [name, version, json, compressed] = line.split(' ').collect::<Vec<_>>()[..] else {
                    panic!("{line}");
                };
                let version = MqVersion(version.parse().expect("a version"));
                let expected = expected(release, name);
                assert_eq!(read(compressed, version), expected, "{release}: {name}");
                let mut from_json = read(json, version);
                // Only the JSON has it.
                from_json.topic_config_serialize_wrapper.mapping_data_version = DataVersion::default();
                assert_eq!(from_json, expected, "{release}: {name}");
            }
        }
    }

    #[test]
    fn java_reads_a_compressed_registration_as_it_was() {
        for release in RELEASES {
            let line = lines(release, "ours").remove(0);
            let (ours, java) = line.split_once(' ').expect("our bytes and what Java read");
            let expected = expected("5.5.1", "mappings");
            let unfolded = |zlib: &[u8]| {
                let mut plain = Vec::new();
                flate2::bufread::ZlibDecoder::new(zlib).read_to_end(&mut plain).expect("zlib");
                plain
            };
            let written = expected.to_compressed().expect("is written");
            assert_eq!(unfolded(&written), unfolded(&bytes(ours)), "these are the bytes that Java read");
            if release == "4.9.8" {
                assert_eq!(java, "error", "4.9 reads no attributes");
                continue;
            }
            let mut java: RegisterBrokerBody = from_json(&bytes(java)).expect("Java's JSON");
            // Java sets it to the time of reading.
            java.topic_config_serialize_wrapper.mapping_data_version = DataVersion::default();
            assert_eq!(java, expected, "{release}");
        }
    }
}
