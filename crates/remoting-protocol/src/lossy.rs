//! Conversion of bytes that may be invalid UTF-8 to text.

/// Appends `bytes` with U+FFFD for each malformed sequence, as delimited by Java's UTF-8 decoder. Appends at most
/// three times as many bytes.
pub(crate) fn push_lossy(out: &mut Vec<u8>, mut bytes: &[u8]) {
    while let Err(error) = std::str::from_utf8(bytes) {
        let (text, rest) = bytes.split_at(error.valid_up_to());
        out.extend_from_slice(text);
        out.extend_from_slice("\u{fffd}".as_bytes());
        let malformed = match rest {
            // Java counts a surrogate as one sequence, Rust as three or two.
            [0xed, 0xa0..=0xbf, 0x80..=0xbf, ..] => 3,
            [0xed, 0xa0..=0xbf] => 2,
            _ => error.error_len().unwrap_or(rest.len()),
        };
        bytes = rest.get(malformed..).unwrap_or_default();
    }
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lossy(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        push_lossy(&mut out, bytes);
        String::from_utf8(out).unwrap()
    }

    /// The expected texts are those that `RocketMQSerializable` of 5.5.0 and 5.5.1 reads.
    #[test]
    fn malformed_sequences_are_delimited_as_in_java() {
        for (bytes, read) in [
            (&b"\xa4"[..], "\u{fffd}"),
            (b"a\x80b", "a\u{fffd}b"),
            (b"\xff\xfe", "\u{fffd}\u{fffd}"),
            (b"\xc0\xaf", "\u{fffd}\u{fffd}"),
            (b"\xed\xa0\x80", "\u{fffd}"),
            (b"\xed\xa0", "\u{fffd}"),
            (b"\xed\xa0x", "\u{fffd}\u{fffd}x"),
            (b"\xe2\x82", "\u{fffd}"),
            (b"\xe2\x82x", "\u{fffd}x"),
            (b"\xf4\x90\x80\x80", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
            (b"\xd6\xd0\xce\xc4", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
            ("é中😀".as_bytes(), "é中😀"),
            (b"", ""),
        ] {
            assert_eq!(lossy(bytes), read, "{bytes:x?}");
        }
    }
}
