//! A reader for headers that peers write: compact JSON with known keys, integer fields and strings in `extFields`.

mod ext_fields;

use super::{Parts, Remark};
use crate::LanguageCode;
use crate::json::string::{interruption, unescape};

/// Reads a header. Returns `None` if it has another form, which the lenient reader may accept.
///
/// Bytes that are not checked to be UTF-8 were matched against ASCII literals. The buffer of the ext fields has
/// capacity for `spare` further bytes.
#[inline]
pub(super) fn read(header: &[u8], spare: usize) -> Option<Parts> {
    let mut cursor = Cursor { text: header, at: 0, spare };
    let mut parts = Parts::default();
    if !cursor.usual_members(&mut parts)? {
        cursor.members(&mut parts)?;
    }
    cursor.only_space_follows().then_some(parts)
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
    spare: usize,
}

impl<'a> Cursor<'a> {
    /// Reads the members as long as they have the order in which every Java version writes them. Any member may be
    /// absent. Compares whole pieces. Returns whether this was the whole object.
    #[inline]
    fn usual_members(&mut self, parts: &mut Parts) -> Option<bool> {
        if !self.eat(b"{\"code\":") {
            self.expect(b'{')?;
            return Some(false);
        }
        parts.code = self.integer()?;
        if self.eat(b",\"extFields\":") {
            parts.ext_fields = Some(self.ext_fields()?);
        }
        if self.eat(b",\"flag\":") {
            parts.flag = self.integer()?;
        }
        if self.eat(b",\"language\":\"JAVA\"") {
            parts.language = Some(LanguageCode::JAVA);
        } else if self.eat(b",\"language\":\"RUST\"") {
            parts.language = Some(LanguageCode::RUST);
        }
        if self.eat(b",\"opaque\":") {
            parts.opaque = self.integer()?;
        }
        if self.eat(b",\"remark\":") {
            parts.remark = self.remark()?;
        }
        self.eat(b",\"serializeTypeCurrentRPC\":\"JSON\"");
        if self.eat(b",\"version\":") {
            parts.version = self.integer()?;
        }
        self.ends()
    }

    /// Reads the remaining members in any order.
    #[inline(never)]
    fn members(&mut self, parts: &mut Parts) -> Option<()> {
        loop {
            let key = self.plain_string()?;
            self.expect(b':')?;
            match key {
                b"code" => parts.code = self.integer()?,
                // Each map would reserve the rest of the header.
                b"extFields" if parts.ext_fields.is_some() => return None,
                b"extFields" => parts.ext_fields = Some(self.ext_fields()?),
                b"flag" => parts.flag = self.integer()?,
                b"language" => parts.language = Some(language(self.plain_string()?)?),
                b"opaque" => parts.opaque = self.integer()?,
                b"remark" => parts.remark = self.remark()?,
                b"serializeTypeCurrentRPC" => _ = std::str::from_utf8(self.plain_string()?).ok()?,
                b"version" => parts.version = self.integer()?,
                _ => return None,
            }
            if self.ends()? {
                return Some(());
            }
        }
    }

    /// Returns whether only white space follows. The header of a C++ client ends with a line feed.
    #[inline]
    fn only_space_follows(&self) -> bool {
        self.text[self.at..].iter().all(u8::is_ascii_whitespace)
    }

    /// Consumes a comma, or the end of the object. Returns whether it was the end.
    #[inline]
    fn ends(&mut self) -> Option<bool> {
        match self.next()? {
            b'}' => Some(true),
            b',' => Some(false),
            _ => None,
        }
    }

    /// Consumes `piece` if it is next.
    #[inline(always)]
    fn eat<const N: usize>(&mut self, piece: &[u8; N]) -> bool {
        let found = self.text[self.at..].first_chunk() == Some(piece);
        self.at += if found { N } else { 0 };
        found
    }

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

    /// Reads a string without escapes.
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
        let rest = self.text.get(self.at..)?;
        let negative = *rest.first()? == b'-';
        let digits = if negative { &rest[1..] } else { rest };
        let mut value = 0_i64;
        let mut count = 0;
        for digit in digits {
            let digit = digit.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            value = value.wrapping_mul(10).wrapping_add(digit.into());
            count += 1;
        }
        // Up to 10 digits the value has not wrapped.
        if !(1..=10).contains(&count) {
            return None;
        }
        self.at += usize::from(negative) + count;
        i32::try_from(if negative { -value } else { value }).ok()
    }

    fn remark(&mut self) -> Option<Remark> {
        let opening = self.at;
        if let Some(text) = self.plain_string() {
            std::str::from_utf8(text).ok()?;
            return Some(Remark::Slice(opening + 1..self.at - 1));
        }
        self.at = opening;
        self.expect(b'"')?;
        let mut content = Vec::new();
        self.at = unescape(self.text, self.at, b'"', &mut content).ok()?;
        String::from_utf8(content).ok().map(Remark::Text)
    }
}

#[cfg(test)]
mod tests;
