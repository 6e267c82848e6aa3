//! What fastjson tolerates beyond strict JSON: one table for the reader of headers and the reader of bodies.
//!
//! Bare keys, `.5` and `NaN` are not in it: every Java release takes them in a body and some refuse them in a header.

/// Whether a byte is white space between tokens.
#[inline]
pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x08 | 0x0c)
}

/// Whether a byte may follow the end of a document.
#[inline]
pub(crate) const fn may_follow(byte: u8) -> bool {
    is_space(byte) || byte == 0
}

/// Whether a byte may end a number, as Java's `L` does.
#[inline]
pub(crate) const fn is_number_suffix(byte: u8) -> bool {
    matches!(byte, b'L' | b'S' | b'B' | b'F' | b'D')
}

/// The character that a backslash and this letter stand for; `\x` and `\u` take digits and are not in here.
#[inline]
pub(crate) const fn unescaped(letter: u8) -> Option<u8> {
    Some(match letter {
        b'"' | b'\\' | b'/' | b'\'' => letter,
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 0x08,
        b'f' => 0x0c,
        b'v' => 0x0b,
        b'0'..=b'7' => letter - b'0',
        _ => return None,
    })
}
