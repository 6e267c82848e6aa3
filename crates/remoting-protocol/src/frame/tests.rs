use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use crate::{
    Body, DecodeErrorKind, EncodeError, Encoded, ExternalBody, FrameDecoder, FrameEncoder, FrameLimits,
    LanguageCode, LookAlike, MqVersion, RemotingCommand, RequestCode, SerializeType,
};

fn error_of(bytes: &[u8]) -> (DecodeErrorKind, usize) {
    let mut src = BytesMut::from(bytes);
    let error = FrameDecoder::default().decode(&mut src).expect_err("an invalid frame");
    assert_eq!(src, bytes, "an error consumes nothing");
    assert_eq!(FrameDecoder::default().missing(bytes), 0);
    (error.kind().clone(), error.offset())
}

/// A frame with this ROCKETMQ header and no body.
fn binary(header: &[u8]) -> Vec<u8> {
    let mut frame = (header.len() as u32 + 4).to_be_bytes().to_vec();
    frame.extend_from_slice(&(header.len() as u32 | 1 << 24).to_be_bytes());
    frame.extend_from_slice(header);
    frame
}

/// A ROCKETMQ header with this remark length and what follows it.
fn header(remark_length: i32, rest: &[u8]) -> Vec<u8> {
    [&[0; 13][..], &remark_length.to_be_bytes(), rest].concat()
}

/// A ROCKETMQ header with these ext fields.
fn header_with_ext(ext: &[u8]) -> Vec<u8> {
    header(0, &[&(ext.len() as u32).to_be_bytes(), ext].concat())
}

fn command(serialize_type: SerializeType) -> RemotingCommand {
    RemotingCommand::request(RequestCode::HEART_BEAT).with_serialize_type(serialize_type)
}

fn encode(command: &RemotingCommand) -> Result<BytesMut, EncodeError> {
    let mut dst = BytesMut::new();
    FrameEncoder::default().encode(command, &mut dst)?;
    Ok(dst)
}

#[test]
fn lengths_are_checked_as_soon_as_they_arrive() {
    use DecodeErrorKind::{BadFrameLength, FrameTooLong, HeaderOverrun, UnknownSerializeType};

    let bad_length = |length| (BadFrameLength { length, look_alike: None }, 0);
    assert_eq!(error_of(b"\0\0\0\0"), bad_length(0));
    assert_eq!(error_of(b"\0\0\0\x03"), bad_length(3));
    assert_eq!(error_of(b"\xff\xff\xff\xff"), bad_length(-1));
    let kind = FrameTooLong { length: 16_777_217, limit: 16_777_216, look_alike: None };
    assert_eq!(error_of(b"\0\xff\xff\xfd"), (kind, 0));
    assert_eq!(error_of(b"\0\0\0\x06\x02"), (UnknownSerializeType(2), 4));
    assert_eq!(error_of(b"\0\0\0\x06\0\0\0\x03"), (HeaderOverrun { length: 3, available: 2 }, 4));

    let limits = FrameLimits::default().with_max_header(10);
    let error = FrameDecoder::new(limits).decode(&mut BytesMut::from(&b"\0\0\0\x20\0\0\0\x0b"[..]));
    assert_eq!(
        *error.expect_err("long header").kind(),
        DecodeErrorKind::HeaderTooLong { length: 11, limit: 10 }
    );
}

#[test]
fn a_frame_at_the_limit_is_accepted() {
    let decoder = FrameDecoder::default();
    let mut src = BytesMut::from(&b"\0\xff\xff\xfc\0\0\0\x61"[..]);
    assert_eq!(decoder.decode(&mut src), Ok(None));
    assert_eq!(decoder.missing(&src), 16_777_216 - 8);
    assert_eq!(decoder.missing(b""), 8);
    assert_eq!(decoder.missing(b"\0\0"), 6);
    assert_eq!(decoder.missing(b"\0\0\0\x20\0"), 36 - 5);
}

#[test]
fn other_protocols_are_recognized() {
    for (bytes, look_alike) in [
        (b"POST", LookAlike::Http),
        (b"GET ", LookAlike::Http),
        (b"PRI ", LookAlike::Http2),
        (b"\x16\x03\x01\0", LookAlike::Tls),
        (b"PROX", LookAlike::ProxyV1),
        (b"\r\n\r\n", LookAlike::ProxyV2),
        (b"*1\r\n", LookAlike::Redis),
    ] {
        let (kind, _) = error_of(bytes);
        let DecodeErrorKind::FrameTooLong { look_alike: Some(found), .. } = kind else { panic!("{kind:?}") };
        assert_eq!(found, look_alike);
        assert!(kind.to_string().contains(&look_alike.to_string()), "{kind}");
    }
    let error =
        FrameDecoder::default().decode(&mut BytesMut::from(&b"PRI * HTTP/2.0"[..])).expect_err("HTTP/2");
    assert_eq!(
        error.to_string(),
        "frame of 1347569956 bytes exceeds the limit of 16777216; the bytes look like HTTP/2 (gRPC?), which this port \
         does not support (at byte 0 of the frame)"
    );
}

#[test]
fn the_lengths_of_a_binary_header_must_be_consistent() {
    use DecodeErrorKind::{NegativeLength, Overrun, SlackBytes, Truncated};

    for length in 0..21 {
        let (kind, offset) = error_of(&binary(&header(0, &[0; 4])[..length]));
        assert!(matches!(kind, Truncated(_)), "{length}: {kind}");
        assert_eq!(offset, 8 + length);
    }
    let negative = |field, length| NegativeLength { field, length };
    let overrun = |field, length, available| Overrun { field, length, available };
    for (header, kind, offset) in [
        (header(-1, &[0; 4]), negative("the remark", -1), 8 + 13),
        (header(i32::MAX, &[0; 4]), overrun("the remark", i32::MAX as usize, 4), 8 + 13),
        (header(0, &(-1_i32).to_be_bytes()), negative("the ext fields", -1), 8 + 17),
        (header(0, b"\0\0\0\x05\0\0\0\0"), overrun("the ext fields", 5, 4), 8 + 17),
        (header(0, &[0; 8]), SlackBytes(4), 8 + 21),
        (header_with_ext(b"\xff\xff"), negative("an ext field key", -1), 8 + 21),
        (header_with_ext(b"\0"), Truncated("an ext field key"), 8 + 21),
        (header_with_ext(b"\0\x02k"), overrun("an ext field key", 2, 1), 8 + 21),
        (header_with_ext(b"\0\x01k\0\0\0"), Truncated("an ext field value"), 8 + 24),
        (header_with_ext(b"\0\x01k\xff\xff\xff\xff"), negative("an ext field value", -1), 8 + 24),
        (header_with_ext(b"\0\x01k\0\0\0\x02v"), overrun("an ext field value", 2, 1), 8 + 24),
    ] {
        assert_eq!(error_of(&binary(&header)), (kind, offset));
    }
}

#[test]
fn invalid_utf8_affects_no_other_command_of_the_connection() {
    let remark = [&b"caf\xe9"[..], &[0; 4]].concat();
    let ext = b"\0\x03\xd6\xd0k\0\0\0\x02v\xff\0\x01l\0\0\0\0\0\x01m\0\0\0\x01n";
    let mut stream = BytesMut::new();
    for header in [header(4, &remark), header_with_ext(ext), header(0, &[0; 4])] {
        stream.extend_from_slice(&binary(&header));
    }
    let mut next = || FrameDecoder::default().decode(&mut stream).unwrap().expect("a whole frame");
    assert_eq!(next().remark(), Some("caf\u{fffd}"));
    let command = next();
    let fields: Vec<_> = command.ext_fields().unwrap().iter().collect();
    assert_eq!(fields, [("\u{fffd}\u{fffd}k", "v\u{fffd}"), ("m", "n")], "an empty value is still null");
    assert_eq!(next().ext_fields(), None);
    assert!(stream.is_empty());
    // The command is encoded with the text as it was read.
    let again = FrameDecoder::default().decode(&mut encode(&command).unwrap()).unwrap();
    assert_eq!(again, Some(command));
}

#[test]
fn a_key_that_gets_too_long_as_text_is_cut() {
    let mut ext = 32_767_u16.to_be_bytes().to_vec();
    ext.resize(2 + 32_767, 0xff);
    ext.extend_from_slice(b"\0\0\0\x01v");
    let mut frame = BytesMut::from(&binary(&header_with_ext(&ext))[..]);
    let command = FrameDecoder::default().decode(&mut frame).unwrap().expect("a whole frame");
    let fields: Vec<_> = command.ext_fields().unwrap().iter().collect();
    assert_eq!(fields, [("\u{fffd}".repeat(10_922).as_str(), "v")]);
}

#[test]
fn a_command_that_does_not_fit_is_rejected_and_the_buffer_restored() {
    let encoder = FrameEncoder::new(FrameLimits::default().with_max_frame(1000).with_max_header(900));
    let mut dst = BytesMut::from(&b"earlier"[..]);
    let binary = command(SerializeType::RocketMq);
    let long = "x".repeat(901);
    for (command, error) in [
        (binary.clone().with_code(200_050), EncodeError::CodeTooWide { code: 200_050 }),
        (binary.clone().with_code(-32_769), EncodeError::CodeTooWide { code: -32_769 }),
        (binary.clone().with_version(MqVersion(32_768)), EncodeError::VersionTooWide { version: 32_768 }),
        (binary.clone().with_remark(&*long), EncodeError::HeaderTooLong { length: 922, limit: 900 }),
        (binary.with_body(vec![0; 972]), EncodeError::FrameTooLong { length: 1001, limit: 1000 }),
        (
            command(SerializeType::Json).with_body(vec![0; 1000]),
            EncodeError::FrameTooLong { length: 1104, limit: 1000 },
        ),
    ] {
        assert_eq!(encoder.encode(&command, &mut dst), Err(error));
        assert_eq!(dst, "earlier");
    }
    let error = encode(&command(SerializeType::RocketMq).with_code(40_000)).expect_err("17 bits");
    assert!(error.to_string().contains("JSON"), "{error}");
    assert!(encode(&command(SerializeType::Json).with_code(40_000)).is_ok());
}

#[test]
fn a_large_body_is_returned_without_a_copy() {
    let body = Bytes::from(vec![7; 9000]);
    let mut dst = BytesMut::new();
    let large = command(SerializeType::RocketMq).with_body(body.clone());
    let encoded = FrameEncoder::default().encode_split(&large, &mut dst);
    let Ok(Encoded::Head { body: Body::Bytes(large) }) = encoded else { panic!("{encoded:?}") };
    assert_eq!((large.as_ptr(), large.len(), dst.len()), (body.as_ptr(), 9000, 29));
}

#[test]
fn encode_writes_the_whole_frame_for_bodies_of_any_size() {
    for length in [0, 100, 8192, 8193, 1 << 20] {
        let sent = command(SerializeType::Json).with_body(vec![7; length]);
        let mut frame = BytesMut::new();
        FrameEncoder::default().with_flatten_threshold(0).encode(&sent, &mut frame).unwrap();
        assert_eq!(FrameDecoder::default().decode(&mut frame), Ok(Some(sent)));
        assert!(frame.is_empty());
    }
}

#[test]
fn encode_rejects_an_external_body_and_writes_nothing() {
    let mut dst = BytesMut::from(&b"earlier"[..]);
    let external = command(SerializeType::Json).with_body(Arc::new(Elsewhere(7)));
    let encoded = FrameEncoder::default().encode(&external, &mut dst);
    assert_eq!(encoded, Err(EncodeError::ExternalBody { length: 7 }));
    assert_eq!(dst, "earlier");
}

#[derive(Debug)]
struct Elsewhere(usize);

impl ExternalBody for Elsewhere {
    fn len(&self) -> usize {
        self.0
    }
}

#[test]
fn an_external_body_is_returned_after_the_header_of_a_body_in_memory() {
    for serialize_type in [SerializeType::Json, SerializeType::RocketMq] {
        for length in [1, 100, 9000] {
            let external = command(serialize_type).with_body(Arc::new(Elsewhere(length)));
            let mut head = BytesMut::new();
            let encoded = FrameEncoder::default().encode_split(&external, &mut head).unwrap();
            let body = external.external_body().cloned().unwrap().into();
            assert_eq!(encoded, Encoded::Head { body });

            let in_memory = encode(&command(serialize_type).with_body(vec![7; length])).unwrap();
            assert_eq!(head, in_memory[..in_memory.len() - length]);
        }
    }
}

#[test]
fn an_empty_external_body_is_an_absent_body() {
    let empty = command(SerializeType::Json).with_body(Arc::new(Elsewhere(0)));
    let mut frame = BytesMut::new();
    assert_eq!(FrameEncoder::default().encode_split(&empty, &mut frame), Ok(Encoded::Whole));
    assert_eq!(frame, encode(&command(SerializeType::Json)).unwrap());
}

#[test]
fn an_external_body_counts_against_the_limit_of_the_frame() {
    let encoder = FrameEncoder::new(FrameLimits::default().with_max_frame(1000));
    let mut dst = BytesMut::from(&b"earlier"[..]);
    let of = |length| command(SerializeType::RocketMq).with_body(Arc::new(Elsewhere(length)));
    assert!(encoder.encode_split(&of(971), &mut BytesMut::new()).is_ok());
    for (body, length) in [(972, 1001), (usize::MAX, usize::MAX)] {
        let error = EncodeError::FrameTooLong { length, limit: 1000 };
        assert_eq!(encoder.encode_split(&of(body), &mut dst), Err(error));
        assert_eq!(dst, "earlier");
    }
}

#[test]
fn a_binary_header_preserves_a_language_without_a_name() {
    let mut frame = encode(&command(SerializeType::RocketMq).with_language(LanguageCode(200))).unwrap();
    let received = FrameDecoder::default().decode(&mut frame).unwrap().expect("a whole frame");
    assert_eq!(received.language(), LanguageCode(200));
}
