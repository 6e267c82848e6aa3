//! Headers as peers write them: compact JSON, known keys, integers where integers belong, strings in `extFields`.

use super::string::{interruption, push_piece, unescape};
use super::{Parts, Remark};
use crate::{ExtFields, LanguageCode};

/// Reads a header, or nothing if it is not of this shape: then it may still be one for the lenient reader.
pub(super) fn read(header: &[u8]) -> Option<Parts> {
    std::str::from_utf8(header).ok()?;
    let mut cursor = Cursor { text: header, at: 0 };
    let mut parts = Parts::default();
    cursor.expect(b'{')?;
    loop {
        let key = cursor.plain_string()?;
        cursor.expect(b':')?;
        match key {
            b"code" => parts.code = cursor.integer()?,
            b"extFields" => parts.ext_fields = Some(cursor.ext_fields()?),
            b"flag" => parts.flag = cursor.integer()?,
            b"language" => parts.language = Some(language(cursor.plain_string()?)?),
            b"opaque" => parts.opaque = cursor.integer()?,
            b"remark" => parts.remark = cursor.remark()?,
            b"serializeTypeCurrentRPC" => _ = cursor.plain_string()?,
            b"version" => parts.version = cursor.integer()?,
            _ => return None,
        }
        match cursor.next()? {
            b',' => {}
            b'}' => break,
            _ => return None,
        }
    }
    // A C++ client ends its header with a line feed.
    cursor.text[cursor.at..].iter().all(u8::is_ascii_whitespace).then_some(parts)
}

fn language(name: &[u8]) -> Option<LanguageCode> {
    match name {
        b"JAVA" => Some(LanguageCode::JAVA),
        b"RUST" => Some(LanguageCode::RUST),
        b"CPP" => Some(LanguageCode::CPP),
        b"GO" => Some(LanguageCode::GO),
        _ => LanguageCode::from_name(std::str::from_utf8(name).ok()?),
    }
}

struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    #[inline]
    fn next(&mut self) -> Option<u8> {
        let byte = *self.text.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    /// A string without escapes.
    #[inline]
    fn plain_string(&mut self) -> Option<&'a [u8]> {
        self.expect(b'"')?;
        let start = self.at;
        let end = interruption(self.text, start, b'"');
        if *self.text.get(end)? != b'"' {
            return None;
        }
        self.at = end + 1;
        self.text.get(start..end)
    }

    #[inline]
    fn integer(&mut self) -> Option<i32> {
        let negative = *self.text.get(self.at)? == b'-';
        self.at += usize::from(negative);
        let start = self.at;
        let mut value = 0_i64;
        while let Some(digit @ b'0'..=b'9') = self.text.get(self.at) {
            value = value * 10 + i64::from(digit - b'0');
            self.at += 1;
            if self.at - start > 10 {
                return None;
            }
        }
        if self.at == start {
            return None;
        }
        i32::try_from(if negative { -value } else { value }).ok()
    }

    fn remark(&mut self) -> Option<Remark> {
        let opening = self.at;
        if self.plain_string().is_some() {
            return Some(Remark::Slice(opening + 1..self.at - 1));
        }
        self.at = opening;
        self.expect(b'"')?;
        let mut content = Vec::new();
        self.at = unescape(self.text, self.at, b'"', &mut content).ok()?;
        String::from_utf8(content).ok().map(Remark::Text)
    }

    /// The map, into the encoding of [`ExtFields`], which is as long as this one but for escapes.
    fn ext_fields(&mut self) -> Option<Vec<u8>> {
        self.expect(b'{')?;
        if self.text.get(self.at) == Some(&b'}') {
            self.at += 1;
            return Some(Vec::new());
        }
        let mut encoded = Vec::with_capacity(self.text.len() - self.at);
        loop {
            let key = self.string_behind_length::<2>(&mut encoded)?;
            if key > ExtFields::MAX_KEY {
                return None;
            }
            self.expect(b':')?;
            self.string_behind_length::<4>(&mut encoded)?;
            match self.next()? {
                b',' => {}
                b'}' => return Some(encoded),
                _ => return None,
            }
        }
    }

    /// Appends a length of `N` bytes and the content of a string; gives the length.
    #[inline]
    fn string_behind_length<const N: usize>(&mut self, encoded: &mut Vec<u8>) -> Option<usize> {
        self.expect(b'"')?;
        let start = self.at;
        let end = interruption(self.text, start, b'"');
        let length_at = encoded.len();
        let length = end - start;
        encoded.extend_from_slice(&(length as u32).to_be_bytes()[4 - N..]);
        if *self.text.get(end)? == b'"' {
            push_piece(encoded, self.text, start, end);
            self.at = end + 1;
            return Some(length);
        }
        self.at = unescape(self.text, start, b'"', encoded).ok()?;
        let length = encoded.len() - length_at - N;
        encoded[length_at..length_at + N].copy_from_slice(&(length as u32).to_be_bytes()[4 - N..]);
        Some(length)
    }
}
