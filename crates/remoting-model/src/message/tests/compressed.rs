//! Compressed bodies in messages.

use super::*;

fn compressed(length: usize) -> MessageExt {
    let mut message =
        MessageExt { body: vec![7; length].into(), sys_flag: MessageSysFlag(0x708), ..message() };
    message.compress_body(CompressionType::Zlib).unwrap();
    message
}

#[test]
fn a_compressed_body_is_decompressed_by_default() {
    let written = compressed(1000);
    assert_eq!(written.sys_flag, MessageSysFlag(0x309));
    let list = MessageList::encode([&written]).unwrap();
    let read: Vec<_> = MessageDecoder::new().check_crc(true).messages(&list).map(Result::unwrap).collect();
    assert_eq!(read[0].body, vec![7; 1000]);
    assert_eq!(read[0].sys_flag, MessageSysFlag(0x308));
    assert_eq!(read[0].body_crc, body_crc(&written.body));
}

#[test]
fn a_compressed_body_can_be_left_for_later() {
    let encoded = compressed(1000).encode().unwrap();
    let mut read = MessageDecoder::new().decompress(false).decode(&encoded).unwrap();
    assert_eq!((&read.body, read.sys_flag), (&compressed(1000).body, MessageSysFlag(0x309)));
    assert_eq!(read.decompress_body(999), Err(CompressionError::TooLong { limit: 999 }));
    read.decompress_body(1000).unwrap();
    assert_eq!((&read.body[..], read.sys_flag), (&[7; 1000][..], MessageSysFlag(0x308)));
    // It is done once.
    read.decompress_body(0).unwrap();
    assert_eq!(read.body.len(), 1000);
}

#[test]
fn the_decompressed_bodies_of_a_list_have_one_limit() {
    let list = MessageList::encode([&compressed(600), &message(), &compressed(401)]).unwrap();
    let lengths = |limit| -> Vec<_> {
        let messages = MessageDecoder::new().max_decompressed(limit).messages(&list);
        messages.map(|message| message.map(|message| message.body.len())).collect()
    };
    assert_eq!(lengths(1001), [Ok(600), Ok(2), Ok(401)]);
    let refused = lengths(1000);
    assert_eq!(refused[..2], [Ok(600), Ok(2)]);
    let error = refused[2].as_ref().unwrap_err();
    let kind = MessageDecodeErrorKind::Compression(CompressionError::TooLong { limit: 1000 });
    assert_eq!(*error.kind(), kind);
    let cause = std::error::Error::source(error).unwrap();
    assert_eq!(cause.to_string(), "the decompressed body exceeds the limit of 1000 bytes");
}

#[test]
fn an_unknown_compression_is_an_error() {
    let written = MessageExt { sys_flag: MessageSysFlag(0x401), ..message() };
    let error = MessageDecoder::new().decode(&written.encode().unwrap()).unwrap_err();
    assert_eq!(*error.kind(), MessageDecodeErrorKind::Compression(CompressionError::UnknownType(4)));
    assert_eq!(error.offset(), 84);
}

#[test]
fn an_empty_body_is_not_decompressed() {
    let written = MessageExt { body: Bytes::new(), sys_flag: MessageSysFlag(0x301), ..message() };
    assert_eq!(read_one_unchecked(&written).sys_flag, MessageSysFlag(0x301));
}

fn read_one_unchecked(written: &MessageExt) -> MessageExt {
    MessageDecoder::new().decode(&written.encode().unwrap()).unwrap()
}
