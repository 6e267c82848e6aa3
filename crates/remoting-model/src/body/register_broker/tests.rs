use remoting_protocol::RequestCode;

use super::*;
use crate::body::{DataVersion, TopicConfig};

fn registration() -> RegisterBrokerBody {
    let mut body =
        RegisterBrokerBody { filter_server_list: vec!["10.0.0.1:30000".to_owned()], ..Default::default() };
    let wrapper = &mut body.topic_config_serialize_wrapper;
    wrapper.data_version = DataVersion { counter: 3, state_version: 0, timestamp: 1_700_000_000_000 };
    for name in ["a", "b"] {
        let mut topic = TopicConfig::new(name);
        topic.attributes.insert("message.type".to_owned(), "TWO WORDS".to_owned());
        wrapper.topic_config_table.insert(name.to_owned(), topic);
    }
    body
}

fn request(fields: &[(&str, &str)]) -> RemotingCommand {
    let mut request = RemotingCommand::request(RequestCode::REGISTER_BROKER);
    for (key, value) in fields {
        request.set_ext_field(key, value).unwrap();
    }
    request
}

fn round_trip(fields: &[(&str, &str)]) -> (RemotingCommand, Result<RegisterBrokerBody, BodyError>) {
    let mut request = request(fields);
    let body = registration().encode(&mut request).unwrap();
    let request = request.with_body(body);
    let read = RegisterBrokerBody::decode(&request);
    (request, read)
}

#[test]
fn a_json_body_is_read_back_and_has_a_checksum() {
    let (request, read) = round_trip(&[("compressed", "false")]);
    assert_eq!(read.unwrap(), registration());
    assert_eq!(request.body().first(), Some(&b'{'));
    let crc: u32 = request.ext_field("bodyCrc32").unwrap().parse().unwrap();
    assert_eq!(crc, crc32fast::hash(request.body()) & 0x7FFF_FFFF);
}

#[test]
fn a_wrong_checksum_is_an_error_and_zero_is_none() {
    let (mut request, _) = round_trip(&[]);
    request.set_ext_field("bodyCrc32", "7").unwrap();
    let error = RegisterBrokerBody::decode(&request).unwrap_err();
    assert_eq!(error.to_string(), "crc32 not match");
    request.set_ext_field("bodyCrc32", "0").unwrap();
    assert_eq!(RegisterBrokerBody::decode(&request).unwrap(), registration());
}

#[test]
fn no_body_is_a_broker_without_topics() {
    assert_eq!(RegisterBrokerBody::decode(&request(&[])).unwrap(), RegisterBrokerBody::default());
}

#[test]
fn the_oldest_brokers_send_the_topics_alone() {
    let body = br#"{"dataVersion":{"counter":3},"topicConfigTable":{"T":{"topicName":"T"}}}"#;
    let old = MqVersion(MqVersion::V3_0_11.0 - 1);
    let read = RegisterBrokerBody::read(body, old, RegisterBrokerLimits::default()).unwrap();
    let wrapper = read.topic_config_serialize_wrapper;
    assert_eq!((wrapper.data_version.counter, wrapper.topic_config_table.len()), (3, 1));
}

#[cfg(not(feature = "zlib"))]
#[test]
fn a_compressed_body_names_the_missing_feature() {
    let error = RegisterBrokerBody::read(b"\x78\xda", MqVersion::CURRENT, RegisterBrokerLimits::default());
    assert!(error.unwrap_err().to_string().contains("feature zlib"));
    let error = registration().encode(&mut request(&[("compressed", "true")])).unwrap_err();
    assert!(error.to_string().contains("feature zlib"), "{error}");
}

#[cfg(feature = "zlib")]
mod zlib {
    use std::io::{Read as _, Write as _};

    use super::*;

    fn deflated(parts: &[&[u8]]) -> Vec<u8> {
        let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        for part in parts {
            out.write_all(part).unwrap();
        }
        out.finish().unwrap()
    }

    fn read(body: &[u8]) -> Result<RegisterBrokerBody, BodyError> {
        RegisterBrokerBody::read(body, MqVersion::V5_0_0, RegisterBrokerLimits::default())
    }

    fn reason(body: &[u8]) -> String {
        read(body).unwrap_err().to_string().replace("cannot read RegisterBrokerBody from the body: ", "")
    }

    #[test]
    fn a_compressed_body_is_read_whatever_the_header_says() {
        let (mut request, read) = round_trip(&[("compressed", "true")]);
        assert_eq!(read.unwrap(), registration());
        assert_eq!(request.body().first(), Some(&ZLIB));
        request.set_ext_field("compressed", "false").unwrap();
        assert_eq!(RegisterBrokerBody::decode(&request).unwrap(), registration());
    }

    #[test]
    fn only_brokers_since_5_0_have_a_section_of_static_topics() {
        let parts: [&[u8]; 3] = [b"\0\0\0\x02{}", b"\0\0\0\0", b"\0\0\0\x02[]"];
        let body = deflated(&parts);
        let limits = RegisterBrokerLimits::default();
        assert!(RegisterBrokerBody::read(&body, MqVersion::V4_9_8, limits).is_ok());
        assert_eq!(reason(&body), "the compressed data ends too early");
    }

    #[test]
    fn a_body_that_unfolds_beyond_a_limit_is_an_error() {
        let version = MqVersion::V5_0_0;
        let body = registration().to_compressed().unwrap();
        let mut plain = Vec::new();
        let plain = flate2::bufread::ZlibDecoder::new(&body[..]).read_to_end(&mut plain).unwrap();
        let fits = RegisterBrokerLimits::default().max_bytes(plain).max_topics(2);
        assert_eq!(RegisterBrokerBody::read(&body, version, fits).unwrap(), registration());
        for limits in [fits.max_bytes(plain - 1), fits.max_bytes(80), fits.max_bytes(1)] {
            let error = RegisterBrokerBody::read(&body, version, limits).unwrap_err();
            assert!(error.to_string().ends_with("longer than the limit"), "{error}");
        }
        let error = RegisterBrokerBody::read(&body, version, fits.max_topics(1)).unwrap_err();
        assert!(error.to_string().ends_with("it has 2 topics, and the limit is 1"), "{error}");
    }

    #[test]
    fn malformed_compressed_bodies_are_errors() {
        assert_eq!(reason(&deflated(&[b"\xff\xff\xff\xff"])), "the length of a part is -1");
        assert_eq!(reason(&deflated(&[b"\x7f\xff\xff\xff{}"])), "it is longer than the limit");
        assert_eq!(reason(&deflated(&[b"\0\0\0\x03{}"])), "the compressed data ends too early");
        let topics = |text: &[u8]| {
            let length = u8::try_from(text.len()).unwrap();
            deflated(&[b"\0\0\0\x02{}", b"\0\0\0\x01\0\0\0", &[length], text])
        };
        assert!(reason(&topics(b"T 16 16")).contains("fewer than five parts"));
        assert_eq!(reason(&topics(b"\xff")), "the text of a topic is not UTF-8");
        assert_eq!(
            reason(&deflated(&[b"\0\0\0\x02{}", b"\x80\0\0\0"])),
            "the number of topics is -2147483648"
        );
        assert!(reason(&[ZLIB, 0, 1, 2]).starts_with("the compressed data is broken"));
        let whole = registration().to_compressed().unwrap();
        // The checksum of zlib is at the end; a reader that has all parts does not come to it.
        for length in 1..whole.len() - 8 {
            assert!(read(&whole[..length]).is_err(), "{length} bytes of {}", whole.len());
        }
    }
}
