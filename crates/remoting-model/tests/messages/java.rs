//! Messages that Java has written are read as Java reads them.

use std::path::Path;

use remoting_model::message::MessageDecoder;
use remoting_protocol::bytes::Bytes;

use crate::describe::{describe, unhex};

/// Each line has a message in hexadecimal, and what Java reads.
fn recorded(version: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/java").join(version).join("messages.txt");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[cfg(all(feature = "zlib", feature = "lz4", feature = "zstd"))]
#[test]
fn the_messages_of_java_are_read_as_java_reads_them() {
    for version in ["4.9.8", "5.5.1"] {
        let mut count = 0;
        for line in recorded(version).lines() {
            let (message, description) = line.split_once(' ').unwrap();
            let bytes = Bytes::from(unhex(message).unwrap());
            let mut read = MessageDecoder::new().check_crc(true).decode(&bytes).unwrap();
            if version == "4.9.8"
                && MessageDecoder::new().decompress(false).decode(&bytes).unwrap().sys_flag.0 & 1 == 1
            {
                // This version keeps the bit of a body that it has decompressed.
                read.sys_flag.0 |= 1;
            }
            assert_eq!(describe(&read), description, "{message}");
            count += 1;
        }
        assert_eq!(count, 60, "{version}");
    }
}
